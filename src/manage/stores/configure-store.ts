import type { Actor } from '../../core/model/audit.ts';
import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Schedule, StoreConfig } from '../../core/model/store-config.ts';
import { skippedMonths } from '../../core/schedule/skipped-months.ts';
import { type ConfigChange, describeChanges } from '../../core/store-file/describe-changes.ts';
import { parseStoreFile } from '../../core/store-file/parse-store-file.ts';
import type { Ports } from '../../ports/index.ts';
import { aboutStore, audited } from '../audit/audited.ts';
import { type Followed, followSchedules } from './follow-schedules.ts';

export interface ConfiguredStore extends Followed<DirectoryStore> {
  readonly changes: readonly ConfigChange[];
  /** What an administrator may not expect of the new configuration. */
  readonly notes: readonly string[];
}

/** A store's configuration with the sections that `document` has of a store file; `InvalidInput` for mistakes. */
export function readSections(
  { directories }: Pick<Ports, 'directories'>,
  store: DirectoryStore,
  document: unknown,
): StoreConfig {
  return parseStoreFile(document, store.config, directories.of(store.directory).defaultMapping);
}

/**
 * Replaces a store's configuration, unless it is the same already. `Conflict` when the
 * configuration was changed since `store` was read.
 */
export async function configureStore(
  ports: Pick<Ports, 'stores' | 'audit' | 'queue'>,
  { store, config }: { readonly store: DirectoryStore; readonly config: StoreConfig },
  actor: Actor,
): Promise<ConfiguredStore> {
  const changes = describeChanges(store.config, config);
  if (changes.length === 0) return { store, changes, notes: [], scheduleError: null };
  const configured = await audited(
    ports,
    { actor, action: 'store-configured', ...aboutStore(store), changes },
    () => ports.stores.configure(store.id, { fromRevision: store.configRevision, config }),
  );
  const notes = changes.some(({ path }) => path === 'schedule') ? notesOn(config.schedule) : [];
  return { store: configured, changes, notes, scheduleError: await followSchedules(ports.queue) };
}

function notesOn(schedule: Schedule | null): readonly string[] {
  const skipped = schedule === null ? null : skippedMonths(schedule);
  if (skipped === null) return [];
  return [`The schedule skips months: ${skipped}. The date last is the last day of every month.`];
}

/** Queues a preview of the store's next run with another configuration, which is not stored. */
export async function previewConfiguration(
  ports: Pick<Ports, 'runs' | 'queue'>,
  { store, config }: { readonly store: DirectoryStore; readonly config: StoreConfig },
  actor: Actor,
): Promise<Run> {
  const { run } = await ports.runs.enqueue({
    storeId: store.id,
    mode: 'plan',
    trigger: 'manual',
    configRevision: store.configRevision,
    requestedBy: actor.by,
    proposed: config,
  });
  await ports.queue.enqueueJob(run);
  return run;
}
