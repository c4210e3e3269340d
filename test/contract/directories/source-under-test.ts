import type { SourceDirectory } from '../../../src/ports/directory.ts';
import type { DirectoryUnderTest } from '../ports/directory.ts';

/** What every directory must be able to get over, or to own up to. */
export type Misbehaviour =
  | 'sign-in page'
  | 'redirect'
  | 'forbidden'
  | 'now and then 500'
  | 'always 500'
  | 'always 429'
  | 'resets'
  | 'truncated answers'
  | 'malformed answers'
  | 'silence'
  | '500 by id'
  | 'page for 404 by id'
  | 'refused searches'
  | 'ignored searches'
  | 'empty searches'
  | 'withheld rows';

interface ConnectTo {
  readonly key?: string;
  readonly retryBudgetMs?: number;
  readonly signal?: AbortSignal;
}

/** A stand-in for a source, as the contract suite needs it. */
export interface SourceUnderTest extends DirectoryUnderTest {
  readonly secret: string;
  readonly url: string;
  connect(options?: ConnectTo): SourceDirectory;
  misbehave(by: Misbehaviour): void;
  requestCount(): number;
}

/** What the folder of each kind of directory exports from its `source.ts`: a server that is faithful to the real one. */
export type StartSource = (size: { readonly users: number }) => Promise<SourceUnderTest>;

/** Starts the stand-in of a kind of directory. A directory without one fails every test of the suite. */
export async function startSource(kind: string, users: number): Promise<SourceUnderTest> {
  const folder: { readonly startSource: StartSource } = await import(`./${kind}/source.ts`);
  return folder.startSource({ users });
}
