import { SourceError } from '../../core/errors.ts';
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
import { countScope, type ScopeCount, type TryPorts } from './try-source.ts';

export interface ConfiguredStore extends Followed<DirectoryStore> {
  readonly changes: readonly ConfigChange[];
  /** What an administrator may not expect of the new configuration. */
  readonly notes: readonly string[];
  /** How many users new criteria match; null for the same criteria, and where the directory can't be asked. */
  readonly scope: ScopeCount | null;
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
  ports: Pick<Ports, 'stores' | 'audit' | 'queue'> & TryPorts,
  { store, config }: { readonly store: DirectoryStore; readonly config: StoreConfig },
  actor: Actor,
): Promise<ConfiguredStore> {
  const changes = describeChanges(store.config, config);
  if (changes.length === 0) {
    return { store, changes, notes: [], scope: null, scheduleError: null };
  }
  const configured = await audited(
    ports,
    { actor, action: 'store-configured', ...aboutStore(store), changes },
    () =>
      ports.stores.configure(store.id, {
        fromRevision: store.configRevision,
        config,
        by: actor.by,
      }),
  );
  const scheduleError = await followSchedules(ports.queue);
  const has = (part: string): boolean => changes.some(({ path }) => path.startsWith(part));
  const notes = has('schedule') ? notesOn(config.schedule) : [];
  if (!has('criteria')) return { store: configured, changes, notes, scope: null, scheduleError };
  const counted = await describeScope(ports, configured);
  return {
    ...counted,
    store: configured,
    changes,
    notes: [...notes, ...counted.notes],
    scheduleError,
  };
}

/** The configuration is stored by now: a directory that can't be asked is only noted. */
async function describeScope(
  ports: TryPorts,
  store: DirectoryStore,
): Promise<Pick<ConfiguredStore, 'scope' | 'notes'>> {
  try {
    const scope = await countScope(ports, store, store.config.criteria);
    return { scope, notes: scopeNotes(scope) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { scope: null, notes: [`The users that match were not counted: ${error.message}`] };
  }
}

function scopeNotes({ listed, inScope, unknown, total, complete, unseen }: ScopeCount) {
  const among = complete ? `${listed} users` : `first ${listed} of ${total} users`;
  const rest = unknown === 0 ? '' : `, and ${unknown} of them can't be decided`;
  return [
    `The criteria match ${inScope === 0 ? 'none' : inScope} of the ${among}${rest}.`,
    ...(listed === 0 ? [] : unseen.map((subject) => `None of the ${among} has the ${subject}.`)),
  ];
}

function notesOn(schedule: Schedule | null): readonly string[] {
  const skipped = schedule === null ? null : skippedMonths(schedule);
  if (skipped === null) return [];
  return [`The schedule skips months: ${skipped}. The date last is the last day of every month.`];
}

/** Queues a preview of the store's next run with another configuration, which is not stored. */
export async function previewConfiguration(
  ports: Pick<Ports, 'runs' | 'queue' | 'audit'>,
  { store, config }: { readonly store: DirectoryStore; readonly config: StoreConfig },
  actor: Actor,
): Promise<Run> {
  const changes = describeChanges(store.config, config);
  const { run } = await audited(
    ports,
    { actor, action: 'run-previewed', ...aboutStore(store), changes },
    () =>
      ports.runs.enqueue({
        storeId: store.id,
        mode: 'plan',
        trigger: 'manual',
        configRevision: store.configRevision,
        requestedBy: actor.by,
        proposed: config,
      }),
    (queued) => ({ runId: queued.run.id }),
  );
  await ports.queue.enqueueJob(run);
  return run;
}
