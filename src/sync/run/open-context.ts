import { hash } from 'node:crypto';
import { groupReferences } from '../../core/criteria/criteria.ts';
import { compileMapping } from '../../core/mapping/compile-mapping.ts';
import { compileFingerprint } from '../../core/mapping/fingerprint.ts';
import { planContextOf } from '../../core/plan/plan-user.ts';
import { ListingTally } from '../../core/plan/tally.ts';
import type { SourceDirectory } from '../../ports/directory.ts';
import { connect } from '../source/connect-source.ts';
import { prepareScope, type RunScope } from '../source/scope.ts';
import { openRecordWriter } from './listing/early-creates.ts';
import { readBlockingRecords } from './records/blocking-records.ts';
import type { RunContext } from './run-context.ts';
import type { Planning, SyncPorts } from './run-ports.ts';

/** Connects the source, checks that it is the store's organization, and gathers what planning needs. */
export async function openSource(ports: SyncPorts, planning: Planning): Promise<RunContext> {
  const { run, store, lease, worker, warnings } = planning;
  const directory = await connect(ports, planning);
  const scope = await openScope(ports, planning, directory);
  const writer = await openRecordWriter(ports, planning);
  return {
    run,
    store,
    directory,
    mapping: compileMapping(store.config.mapping),
    fingerprintOf: compileFingerprint(store.config, sha256),
    warnings,
    members: ports.members,
    records: ports.records,
    plan: planContextOf(store, run.id),
    scope,
    tally: new ListingTally(),
    blocking: await readBlockingRecords(ports, {
      storeId: store.id,
      isPreview: run.mode === 'plan',
    }),
    now: () => ports.clock.now(),
    random: ports.random,
    takeSeq: () => writer.takeSeq(),
    report: worker.onProgress,
    signal: lease.signal,
    writer,
    planSummary: { needsChecks: false },
    async activeBefore() {
      const { active } = await ports.members.counts(store.id);
      return active - writer.activeCreated;
    },
  };
}

/** Reads the groups of the criteria, and compares their sizes with those that the run before saw. */
async function openScope(
  { stores }: Pick<SyncPorts, 'stores'>,
  { store, warnings }: Planning,
  directory: SourceDirectory,
): Promise<RunScope> {
  const { criteria } = store.config;
  if (groupReferences(criteria).length === 0) return prepareScope(criteria, directory);
  const scope = await prepareScope(criteria, directory, await stores.groupSizes(store.id));
  warnings.push(...scope.warnings);
  return scope;
}

/** 44 characters. */
const sha256 = (text: string): string => hash('sha256', text, 'base64');
