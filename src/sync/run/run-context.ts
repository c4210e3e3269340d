import type { MapUsers } from '../../core/mapping/map-user.ts';
import type { SyncRecord } from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import type { SourceUser } from '../../core/model/source-user.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Draft } from '../../core/plan/draft.ts';
import type { PlanContext } from '../../core/plan/plan-user.ts';
import type { ListingTally } from '../../core/plan/tally.ts';
import type { SourceDirectory } from '../../ports/directory.ts';
import type { Progress } from '../../ports/job-queue.ts';
import type { MemberStore } from '../../ports/members.ts';
import type { RecordStore } from '../../ports/records.ts';
import type { RunScope } from '../source/scope.ts';
import type { RecordWriter } from './listing/record-writer.ts';
import type { BlockingRecords } from './records/blocking-records.ts';

/** What the steps of one run share. */
export interface RunContext {
  readonly run: Run;
  readonly store: DirectoryStore;
  readonly directory: SourceDirectory;
  readonly members: MemberStore;
  readonly records: RecordStore;
  readonly plan: PlanContext;
  readonly scope: RunScope;
  readonly map: MapUsers;
  readonly fingerprintOf: (user: SourceUser) => string;
  readonly tally: ListingTally;
  /** Records of earlier runs that are held, or that a person rejected. */
  readonly blocking: BlockingRecords;
  readonly now: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
  /** Warnings for people, in whole sentences. */
  readonly warnings: string[];
  /** The place of the next record in the run's order. */
  readonly takeSeq: () => number;
  readonly report: (progress: Progress) => void;
  /** Aborts when the run must stop: cancelled, handed back, or its lease lost. */
  readonly signal: AbortSignal;
  /** Stores the records of the listing. */
  readonly writer: RecordWriter;
  /** How many of the store's members were active before this run. */
  readonly activeBefore: () => Promise<number>;
  readonly planSummary: PlanSummary;
}

/** A summary of the plan so far. When no record needs checks, the run skips proofs, claims and safeguards. */
export interface PlanSummary {
  /** Whether any record removes a member, claims an address, or has a risk. */
  needsChecks: boolean;
}

export function needsChecks({
  status,
  cause,
  claim,
  risks,
}: Pick<SyncRecord, 'status' | 'cause' | 'claim' | 'risks'>): boolean {
  const isOpen = status === 'planned' || status === 'held';
  return isOpen && (cause !== null || claim !== null || risks.length > 0);
}

/** Numbers drafts and stores them as records of the run. */
export async function saveRecords(
  context: {
    readonly records: Pick<RecordStore, 'insertMany'>;
    readonly takeSeq: () => number;
    readonly planSummary?: PlanSummary;
  },
  drafts: readonly Draft[],
): Promise<void> {
  if (drafts.length === 0) return;
  const records: SyncRecord[] = drafts.map((draft) => ({ ...draft, seq: context.takeSeq() }));
  if (context.planSummary !== undefined)
    context.planSummary.needsChecks ||= records.some(needsChecks);
  await context.records.insertMany(records);
}
