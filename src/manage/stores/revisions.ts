import { NotFound } from '../../core/errors.ts';
import { type Run, syncModes } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { ConfigRevision } from '../../core/model/store-config.ts';
import { emptied, emptyTexts, namesAddress } from '../../core/names-address.ts';
import { type ConfigChange, describeChanges } from '../../core/store-file/describe-changes.ts';
import type { Ports } from '../../ports/index.ts';

type RevisionPorts = Pick<Ports, 'revisions' | 'runs'>;

/** A configuration that a store has or had. */
export interface SeenRevision extends ConfigRevision {
  readonly isPresent: boolean;
  /** What it changed; null when the one before it is not kept. */
  readonly changes: readonly ConfigChange[] | null;
  /** Whether values are missing that named a person who was erased. */
  readonly isEmptied: boolean;
  /** How many syncs used it. */
  readonly runs: number;
}

/** The revisions of a store's configuration, newest first: one page, and one more as long as there is one. */
export async function listRevisions(
  ports: RevisionPorts,
  store: DirectoryStore,
  { before, limit }: { readonly before?: number; readonly limit: number },
): Promise<readonly SeenRevision[]> {
  const page = { ...(before !== undefined && { before }), limit: limit + 1 };
  const read = await ports.revisions.list(store, page);
  const runs = await ports.runs.countByRevision(
    store.id,
    read.map(({ revision }) => revision),
  );
  return read.map((each, at) =>
    seen(store, each, { before: read[at + 1] ?? null, runs: runs.get(each.revision) ?? 0 }),
  );
}

/** One revision, and the newest of the syncs that used it; `NotFound` when it is not kept. */
export async function findRevision(
  ports: RevisionPorts,
  store: DirectoryStore,
  { revision, mostRuns }: { readonly revision: number; readonly mostRuns: number },
): Promise<{ readonly revision: SeenRevision; readonly runs: readonly Run[] }> {
  const [found, before] = await ports.revisions.list(store, { before: revision + 1, limit: 2 });
  if (found?.revision !== revision) {
    throw new NotFound(
      `The configuration ${revision} of ${JSON.stringify(store.name)} is not kept.`,
      { hint: 'The present one and the hundred before it are.' },
    );
  }
  const [counts, runs] = await Promise.all([
    ports.runs.countByRevision(store.id, [revision]),
    ports.runs.list({
      storeId: store.id,
      configRevision: revision,
      modes: syncModes,
      limit: mostRuns,
    }),
  ]);
  const count = counts.get(revision) ?? 0;
  return { revision: seen(store, found, { before: before ?? null, runs: count }), runs };
}

function seen(
  { configRevision }: DirectoryStore,
  each: ConfigRevision,
  { before, runs }: { readonly before: ConfigRevision | null; readonly runs: number },
): SeenRevision {
  const { revision, config } = each;
  const follows = before?.revision === revision - 1 ? before : null;
  return {
    ...each,
    isPresent: revision === configRevision,
    changes: follows === null ? null : describeChanges(follows.config, config),
    isEmptied: JSON.stringify(config).includes(emptied),
    runs,
  };
}

/** Who changed a configuration last, when, and all that changed since a revision; null when that is not kept. */
export async function changesSince(
  { revisions }: Pick<Ports, 'revisions'>,
  store: DirectoryStore,
  revision: number | null,
): Promise<Pick<ConfigRevision, 'by' | 'at'> & { readonly changes: SeenRevision['changes'] }> {
  const [present, base] = await Promise.all([
    revisions.get(store, store.configRevision),
    revision === null ? null : revisions.get(store, revision),
  ]);
  return {
    by: present?.by ?? null,
    at: present?.at ?? null,
    changes: base === null ? null : describeChanges(base.config, store.config),
  };
}

const revisionsAtOnce = 20;

/** Empties the values of earlier configurations that name an address. Reads all that are kept. */
export async function eraseFromRevisions(
  {
    stores,
    revisions,
  }: { readonly revisions: Ports['revisions'] } & {
    readonly stores: Pick<Ports['stores'], 'list'>;
  },
  email: string,
): Promise<void> {
  const names = namesAddress(email);
  for (const store of await stores.list()) {
    for (let before = store.configRevision; ; ) {
      const page = await revisions.list(store, { before, limit: revisionsAtOnce });
      for (const { revision, config } of page) {
        if (!names(JSON.stringify(config))) continue;
        await revisions.redact(store.id, revision, emptyTexts(config, names));
      }
      const last = page.at(-1);
      if (last === undefined || page.length < revisionsAtOnce) break;
      before = last.revision;
    }
  }
}
