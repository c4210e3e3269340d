import { spellingsOf } from '../../../core/email.ts';
import { Cancelled, SourceError } from '../../../core/errors.ts';
import { isUnreadable, type ListedUser, type SourceUser } from '../../../core/model/source-user.ts';
import type { DirectoryStore } from '../../../core/model/store.ts';
import { lostPushOf } from '../../../core/scim/compare-pulled.ts';
import type { ScimUser } from '../../../core/scim/model.ts';
import { foldText } from '../../../core/scim/search-form.ts';
import type { SourceDirectory } from '../../../ports/directory.ts';
import { askByIds } from '../../source/ask-by-id.ts';
import { type Listing, listSource } from '../../source/list-source.ts';
import type { SyncPorts } from '../run-ports.ts';

interface Comparing {
  readonly store: DirectoryStore;
  readonly directory: SourceDirectory;
  readonly users: SyncPorts['scim']['users'];
  /** A preview changes nothing. */
  readonly isPreview: boolean;
  readonly warnings: string[];
  /** Throws when another organization answers. */
  readonly checkReach: (directory: SourceDirectory) => Promise<void>;
  readonly signal: AbortSignal;
}

const mostNamed = 5;
const mostControls = 5;
const pageSize = 500;

/**
 * Compares the pushed users with the directory's API, and repairs lost pushes: where they differ, the API wins. Warns
 * how many pushes were lost. When the API can't be asked, it warns of that and leaves the pushed users as they are.
 */
export async function repairLostPushes(comparing: Comparing): Promise<void> {
  try {
    await comparing.checkReach(comparing.directory);
    const lost = [...(await compareListed(comparing))];
    if (lost.length === 0) return;
    const one = lost.length === 1;
    const named = lost.slice(0, mostNamed).join(', ');
    const more = lost.length > mostNamed ? ' and others' : '';
    const made = comparing.isPreview ? '' : one ? '; it was made good' : '; they were made good';
    comparing.warnings.push(
      `${lost.length} ${one ? 'push was' : 'pushes were'} lost: the directory shows something else of ${named}${more}${made}`,
    );
  } catch (error) {
    if (error instanceof Cancelled || !(error instanceof SourceError)) throw error;
    comparing.warnings.push(
      `what was pushed could not be compared with the directory: ${error.message}`,
    );
  }
}

async function compareListed(comparing: Comparing): Promise<ReadonlySet<string>> {
  const { directory, store, signal } = comparing;
  const lost = new Set<string>();
  const controls: string[] = [];
  const pages = listSource(directory, store.orgId);
  let listing: Listing | null = null;
  while (listing === null) {
    signal.throwIfAborted();
    const next = await pages.next();
    if (next.done) listing = next.value;
    else {
      for (const user of [next.value.users[0], next.value.users.at(-1)]) {
        const isNew = user !== undefined && !controls.includes(user.externalId);
        if (isNew && controls.length < mostControls) controls.push(user.externalId);
      }
      await comparePage(comparing, next.value.users, lost);
    }
  }
  if (listing.incompleteReason === null) await compareGone(comparing, { listing, controls, lost });
  return lost;
}

async function comparePage(
  comparing: Comparing,
  listed: readonly ListedUser[],
  lost: Set<string>,
): Promise<void> {
  const { users, store, isPreview, directory } = comparing;
  const { profile } = directory;
  const readable = listed.filter((user): user is SourceUser => !isUnreadable(user));
  const found = await users.linked(store.id, {
    pulledIds: readable.map(({ externalId }) => externalId),
    addresses: readable.flatMap(({ record }) => addressOf(profile.emailOf(record))),
  });
  const byPulledId = new Map(found.map((user) => [user.pulledId, user]));
  const byAddress = new Map(found.flatMap((user) => addressesOf(user).map((key) => [key, user])));
  for (const pulled of readable) {
    const [address = ''] = addressOf(profile.emailOf(pulled.record));
    const pushed = byPulledId.get(pulled.externalId) ?? byAddress.get(address);
    if (pushed === undefined) continue;
    const isNew = pushed.pulledId !== pulled.externalId;
    if (isNew && !isPreview) await users.link(pushed.id, pulled.externalId);
    const loss = lostPushOf(pushed, pulled, profile);
    if (loss === null) continue;
    lost.add(pushed.id);
    const { resource } = loss;
    // A user that was pushed again meanwhile is not replaced: the newer push wins.
    if (!isPreview) await users.replace({ ...pushed, pulledId: pulled.externalId, resource });
  }
}

/**
 * Deactivates users that are active here and that the API, asked by id, no longer has. When it still has one that it did
 * not list, its listing is incomplete, and none of them counts as gone.
 */
async function compareGone(
  { directory, users, store, isPreview, warnings }: Comparing,
  found: {
    readonly listing: Listing;
    readonly controls: readonly string[];
    readonly lost: Set<string>;
  },
): Promise<void> {
  const { listing, controls, lost } = found;
  const gone = new Map<string, number>();
  for (let after: string | null = null; ; ) {
    const page: readonly ScimUser[] = await users.after(store.id, after, pageSize);
    const missing = page.filter(
      ({ pulledId, resource }) =>
        pulledId !== null && resource['active'] !== false && !listing.listed.has(pulledId),
    );
    const userOf = new Map(missing.map((user) => [user.pulledId ?? '', user]));
    for await (const { externalId, answer } of askByIds([...userOf.keys()], {
      directory,
      controls,
    })) {
      const user = userOf.get(externalId);
      if (answer.is === 'present' || answer.is === 'listed') {
        warnings.push(
          `the directory's listing is incomplete, so nobody who was pushed was taken as gone: user ${externalId} was not listed but answers when it is asked for`,
        );
        return;
      }
      if (answer.is === 'gone' && user !== undefined) gone.set(user.id, user.version);
    }
    if (page.length < pageSize) break;
    after = page.at(-1)?.id ?? null;
  }
  const ids = [...gone.keys()];
  for (const id of ids) lost.add(id);
  if (isPreview) return;
  for (let from = 0; from < ids.length; from += pageSize) {
    for (const user of await users.byIds(store.id, ids.slice(from, from + pageSize))) {
      if (user.version !== gone.get(user.id)) continue;
      await users.replace({ ...user, resource: { ...user.resource, active: false } });
    }
  }
}

function addressOf(email: unknown): readonly string[] {
  return typeof email === 'string' && email !== '' ? spellingsOf(email).map(foldText) : [];
}

function addressesOf({ resource }: ScimUser): readonly string[] {
  const emails = Array.isArray(resource['emails']) ? resource['emails'] : [];
  const values: readonly unknown[] = emails.map((each: { readonly value?: unknown }) => each.value);
  return [...values, resource['userName']].flatMap(addressOf);
}
