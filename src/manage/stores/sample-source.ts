import { SourceError } from '../../core/errors.ts';
import { type SampledUser, sampleUser } from '../../core/mapping/sample-user.ts';
import type { SourceGroup } from '../../core/model/group.ts';
import { isUnreadable, type ListedUser } from '../../core/model/source-user.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { caselessKey } from '../../core/same-name.ts';
import type { SourceDirectory } from '../../ports/directory.ts';
import { askSource } from '../../sync/source/ask-source.ts';
import { firstPage } from './check-credential.ts';
import { patienceMs, type TryPorts, unreachable } from './try-source.ts';

/** The most users of a sample, and its largest size in bytes. */
export const mostSampled = 50;
const mostBytes = 256 * 1024;

/** Users for previews in a browser, and whether some were left out because they are too large together. */
export interface Sample {
  readonly users: readonly SampledUser[];
  readonly cut: boolean;
}

/** The first few readable users of a store's directory, or of what was pushed into it; nothing is stored. */
export function sampleSource(
  ports: TryPorts,
  store: DirectoryStore,
  limit: number,
): Promise<Sample> {
  return sampleOf(ports, store, { limit, question: firstPage });
}

/** The users with this address. It may take as long as a listing; a person waits, so it is given up after 20 seconds. */
export function samplePerson(
  ports: TryPorts,
  store: DirectoryStore,
  email: string,
): Promise<Sample> {
  const question = (directory: SourceDirectory) => directory.findByEmail(email);
  return sampleOf(ports, store, { limit: mostSampled, question });
}

async function sampleOf(
  ports: TryPorts,
  store: DirectoryStore,
  {
    limit,
    question,
  }: {
    readonly limit: number;
    readonly question: (directory: SourceDirectory) => Promise<readonly ListedUser[]>;
  },
): Promise<Sample> {
  const asked = await askSource(ports, store, question, patienceMs);
  if ('unreachable' in asked) throw unreachable(store, asked.unreachable);
  const users: SampledUser[] = [];
  let bytes = 0;
  for (const user of asked.answer) {
    if (isUnreadable(user) || users.length === limit) continue;
    const sampled = sampleUser(user);
    bytes += Buffer.byteLength(JSON.stringify(sampled));
    if (bytes > mostBytes) return { users, cut: true };
    users.push(sampled);
  }
  return { users, cut: false };
}

/** No directory has more groups that a person chooses from. */
const mostGroups = 20_000;

/** The groups whose name contains a text, in any case, and whether there may be more of them. */
export async function searchGroups(
  ports: TryPorts,
  store: DirectoryStore,
  { name, limit }: { readonly name: string; readonly limit: number },
): Promise<{ readonly groups: readonly SourceGroup[]; readonly more: boolean }> {
  const wanted = caselessKey(name);
  const search = async (directory: SourceDirectory) => {
    const groups: SourceGroup[] = [];
    let read = 0;
    const pages = directory.walkGroups();
    for (;;) {
      const next = await pages.next();
      if (next.done) {
        if (next.value.broken === null) return { groups, more: false };
        const reason = `the directory does not list its groups whole: ${next.value.broken}`;
        throw new SourceError('retriable', 'source-failed', reason);
      }
      const page = next.value;
      groups.push(...page.filter((group) => caselessKey(group.name).includes(wanted)));
      read += page.length;
      if (groups.length > limit || read >= mostGroups) {
        await pages.return({ broken: null, total: null });
        return { groups: groups.slice(0, limit), more: true };
      }
    }
  };
  const asked = await askSource(ports, store, search, patienceMs);
  if ('unreachable' in asked) throw unreachable(store, asked.unreachable);
  return asked.answer;
}
