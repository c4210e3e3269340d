import {
  Cancelled,
  ConfigError,
  InvalidInput,
  messageOf,
  RunFailure,
  SourceError,
} from '../../core/errors.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { SourceDirectory } from '../../ports/directory.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { Ports } from '../../ports/index.ts';
import { checkReach, connectionTo, credentialOf } from './connect-source.ts';

export interface SourcePorts extends Pick<Ports, 'connectDirectory' | 'connectPushed'> {
  readonly stores: Pick<DirectoryStores, 'credential'>;
}

/** A directory's answer, or why it could not be asked, as a text for people. */
export type Asked<T> = { readonly answer: T } | { readonly unreachable: string };

/** A person waits for the answer, so a directory that does not answer the first question is given up soon. */
const firstAnswerMs = 10_000;
/** Reading all users of a large directory takes longer. */
const wholeAnswerMs = 180_000;

/**
 * Asks a store's directory a question, after checking that the store's organization answers. A directory that can't
 * be asked is returned as `unreachable` and changes nothing: runs report it to the store's owner. `patience` is for how
 * long the answer may take, in milliseconds, or what ends the question.
 */
export async function askSource<T>(
  ports: SourcePorts,
  store: DirectoryStore,
  question: (directory: SourceDirectory) => Promise<T>,
  patience: number | AbortSignal = wholeAnswerMs,
): Promise<Asked<T>> {
  try {
    if (store.via === 'scim') return { answer: await question(ports.connectPushed(store)) };
    const credential = await credentialOf(ports, store);
    const connect = (signal: AbortSignal): SourceDirectory =>
      ports.connectDirectory(connectionTo(store, credential, signal));
    await checkReach(connect(AbortSignal.timeout(firstAnswerMs)), store);
    const signal = typeof patience === 'number' ? AbortSignal.timeout(patience) : patience;
    return { answer: await question(connect(signal)) };
  } catch (error) {
    return { unreachable: reasonText(error) };
  }
}

function reasonText(error: unknown): string {
  if (error instanceof Cancelled) {
    const last = error.cause === undefined ? '' : `: ${messageOf(error.cause)}`;
    return `it gave no answer in time${last}`;
  }
  const isExpected =
    error instanceof SourceError ||
    error instanceof ConfigError ||
    error instanceof InvalidInput ||
    error instanceof RunFailure;
  if (isExpected) return error.message;
  throw error;
}
