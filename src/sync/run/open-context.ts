import { hash } from 'node:crypto';
import { compileMapping } from '../../core/mapping/compile-mapping.ts';
import { compileFingerprint } from '../../core/mapping/fingerprint.ts';
import { planContextOf } from '../../core/plan/plan-user.ts';
import { ListingTally } from '../../core/plan/tally.ts';
import { connect } from '../source/connect-source.ts';
import { prepareScope } from '../source/scope.ts';
import { readCreated } from './listing/early-creates.ts';
import { readBlockingRecords } from './records/blocking-records.ts';
import { type Created, nobodyCreated, type PlanSummary, type RunContext } from './run-context.ts';
import type { Planning, SyncPorts } from './run-ports.ts';

/** Connects the source, makes sure that it is the right one, and gathers what planning needs. */
export async function openSource(ports: SyncPorts, planning: Planning): Promise<RunContext> {
  const { run, store, lease, worker, warnings } = planning;
  const directory = await connect(ports, planning);
  const checkpoint = (): void => lease.check();
  const created = await createdBefore(ports, planning);
  const planSummary: PlanSummary = { needsChecks: false, activeCreated: 0 };
  let seq = created.lastSeq;
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
    scope: await prepareScope(store.config.criteria, directory),
    tally: new ListingTally(),
    blocking: await readBlockingRecords(ports, {
      storeId: store.id,
      isPreview: run.mode === 'plan',
      checkpoint,
    }),
    now: () => ports.clock.now(),
    random: ports.random,
    takeSeq: () => {
      seq += 1;
      return seq;
    },
    report: worker.onProgress,
    checkpoint,
    created,
    planSummary,
    async activeBefore() {
      const { active } = await ports.members.counts(store.id);
      return active - created.active - planSummary.activeCreated;
    },
  };
}

/** 44 characters. */
const sha256 = (text: string): string => hash('sha256', text, 'base64');

/** A listing that was interrupted has created people already. */
async function createdBefore(ports: SyncPorts, { run, found }: Planning): Promise<Created> {
  return found.status === 'listing' ? readCreated(ports, run.id) : nobodyCreated;
}
