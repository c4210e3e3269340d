import { dataShape } from './data-shape.ts';
import type { GroupResults } from './group.ts';
import type { RecordChoice, RecordStatus, RiskKind } from './record.ts';
import type { StoreConfig } from './store-config.ts';

export const runModes = ['full', 'delta', 'plan', 'single', 'undo'] as const;
export type RunMode = (typeof runModes)[number];
/** The runs that apply what the directory says by the store's configuration. */
export const syncModes = ['full', 'delta'] as const satisfies readonly RunMode[];
export const runTriggers = ['schedule', 'manual', 'push'] as const;
type RunTrigger = (typeof runTriggers)[number];

/** The statuses in their order. A preview ends as `planned`; `held` waits for a decision. */
export const runStatuses = [
  'queued',
  'listing',
  'planned',
  'applying',
  'succeeded',
  'held',
  'failed',
  'cancelled',
] as const;
type RunStatus = (typeof runStatuses)[number];

/** What a listing proves. `problems` counts rows without a readable id. See docs/architecture.md. */
export interface Certificate {
  readonly complete: boolean;
  readonly totalBefore: number;
  readonly totalAfter: number;
  readonly distinct: number;
  readonly problems: number;
  readonly pages: number;
  readonly requests: number;
  readonly walks: number;
}

/** What a safeguard found when the run was planned, and why it holds what it holds. */
export interface Guard {
  readonly kind: RiskKind;
  /** The field that becomes blank; null for the other kinds. */
  readonly field: string | null;
  /** `limit`: too many. `nobody-in-scope`, `nobody-left`: whatever their number. */
  /** The warning of the run that says the same for people. */
  readonly reason: string;
  readonly why: 'limit' | 'nobody-in-scope' | 'nobody-left';
  /** How many changes of this kind the run planned. */
  readonly planned: number;
  /** How many the store's runs had applied within the window before, without an approval. */
  readonly inWindow: number;
  /** More than this many are held: in the run alone, or together with those of the window. */
  readonly limit: number;
  readonly per: 'run' | 'window';
  readonly percent: number;
  readonly floor: number;
  readonly window: string;
  /** How many of the store's members were active before the run. */
  readonly active: number;
}

/** For how many runs in a row something may be left open before a person must look at the source. */
const mostUndecidedRuns = 3;

/** What the source has left open for several runs in a row. */
export interface Undecided {
  /** For how many runs in a row the listing is incomplete, this run included. */
  readonly incompleteRuns: number;
  /** How many users are undecided for three runs or more. */
  readonly users: number;
  /** For how many of them this is the third run. */
  readonly newUsers: number;
}

/** Whether something has been left open for so many runs that a person must look at the source. */
export function needsPerson(undecided: Undecided | null): undecided is Undecided {
  return (
    undecided !== null && (undecided.incompleteRuns >= mostUndecidedRuns || undecided.users > 0)
  );
}

/** Whether that has come true with this run. */
export function newlyNeedsPerson(undecided: Undecided | null | undefined): boolean {
  return undecided?.incompleteRuns === mostUndecidedRuns || (undecided?.newUsers ?? 0) > 0;
}

/** Continues what earlier runs left open: `lengths` are the runs in a row of each undecided user. */
export function undecidedOf(
  before: Undecided | null,
  now: { readonly isIncomplete: boolean; readonly lengths: readonly number[] },
): Undecided | null {
  const incompleteRuns = now.isIncomplete ? (before?.incompleteRuns ?? 0) + 1 : 0;
  const users = now.lengths.filter((runs) => runs >= mostUndecidedRuns).length;
  const newUsers = now.lengths.filter((runs) => runs === mostUndecidedRuns).length;
  return incompleteRuns + users === 0 ? null : { incompleteRuns, users, newUsers };
}

export const countNames = [
  'listed',
  'inScope',
  'outOfScope',
  'skipped',
  'problem',
  'unchanged',
  'create',
  'adopt',
  'update',
  'deactivate',
  'reactivate',
  'delete',
  'conflict',
  'gone',
  'held',
  'heldEarlier',
  'rejectedEarlier',
  'applied',
  'failed',
] as const;
type CountName = (typeof countNames)[number];
export type Counts = Readonly<Record<CountName, number>>;

export const noCounts: Counts = Object.freeze(
  Object.fromEntries(countNames.map((name) => [name, 0])) as Record<CountName, number>,
);

/** How many records of a plan write to a member. */
export function plannedWrites(counts: Counts): number {
  const { create, adopt, update, deactivate, reactivate } = counts;
  return create + adopt + update + deactivate + reactivate + counts.delete;
}

/** How many records of a plan, those of groups included, are still to be written, or stay held. */
export function writesLeft({ counts, groups }: Pick<Run, 'counts' | 'groups'>): number {
  const ofUsers = plannedWrites(counts) - counts.applied - counts.failed;
  if (groups === null) return ofUsers;
  const { create, update, applied, failed } = groups.counts;
  return ofUsers + create + update + groups.counts.delete - applied - failed;
}

/** How many records of a run, those of groups included, are applied. */
export function appliedIn({ counts, groups }: Pick<Run, 'counts' | 'groups'>): number {
  return counts.applied + (groups?.counts.applied ?? 0);
}

/** How many records of a run, those of groups included, wait for a person. */
export function heldIn({ counts, groups }: Pick<Run, 'counts' | 'groups'>): number {
  return counts.held + (groups?.counts.held ?? 0);
}

export interface RunError {
  readonly code: string;
  readonly message: string;
  /** True when the source answered 403: after several such runs the scheduled ones are put off. */
  readonly forbidden?: true;
}

/** A decision on a run's held records, for a worker to carry out. */
export interface Decision {
  readonly verdict: 'approve' | 'reject';
  /** The records concerned, by source id (member id for those without one); null: all held records. */
  readonly people: readonly string[] | null;
  /** Only those of them that the filter chooses. */
  readonly filter?: RecordChoice;
  /** How many records the person saw; another number ends the decision. */
  readonly expected?: number;
  /** Those of them that were rejected before; an approval lifts the rejection. */
  readonly rejected: readonly string[];
  readonly by: string;
  readonly at: Date;
  /** The run's status before, and when it ended so. */
  readonly from: RunStatus;
  readonly finishedAt: Date;
}

/** The states of the records that a decision is on: an approval by name also lifts an earlier rejection. */
export function statusesOf({
  verdict,
  people,
}: Pick<Decision, 'verdict' | 'people'>): readonly RecordStatus[] {
  return verdict === 'approve' && people !== null ? ['held', 'rejected'] : ['held'];
}

/** What an administrator asks for with a decision. */
export type AskedDecision = Omit<Decision, 'from' | 'finishedAt'>;

/** The outcome of the latest decision on a run. */
export interface Decided extends Pick<Decision, 'verdict' | 'by' | 'at'> {
  /** Records that were applied or rejected as asked. */
  readonly done: number;
  /** Records that an approval rejected because they are no longer true. */
  readonly noLongerTrue: number;
  /** Records that could not be confirmed or applied. */
  readonly failed: number;
  /** Why nothing could be done. */
  readonly error: RunError | null;
}

export interface Run {
  readonly id: string;
  /** Null for an edit by hand of a member that belongs to no store. */
  readonly storeId: string | null;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  readonly certificate: Certificate | null;
  /** What the source left open in this run and those before; null when there is nothing. */
  readonly undecided: Undecided | null;
  readonly counts: Counts;
  /** Null for a run of a store that does not sync groups. */
  readonly groups: GroupResults | null;
  readonly warnings: readonly string[];
  /** The safeguards that hold changes of this run. */
  readonly guards: readonly Guard[];
  readonly error: RunError | null;
  /** The store configuration that this run uses. */
  readonly configRevision: number;
  /** `cli:<os user>`, `token:<token name>`, `ops:<token name>`, `schedule`. */
  readonly requestedBy: string;
  /** The run that this one undoes, or would undo in a preview. */
  readonly undoOf: string | null;
  /** Whether a first import sends mail too; null: it doesn't. */
  readonly notify: true | null;
  /** A preview's configuration in place of the store's own. */
  readonly proposed: StoreConfig | null;
  /** Set while a worker has a decision to carry out. */
  readonly decision: Decision | null;
  readonly decided: Decided | null;
  /**
   * The holder of the lease under which the run was claimed last: only it may change the run. Null: not claimed yet.
   */
  readonly holder: string | null;
  /** Set when a cancellation was requested; the worker stops at the next safe point. */
  readonly cancelRequested: boolean;
  /** How many times a worker claimed this run without progress since. */
  readonly resumes: number;
  /** That of the newest release that worked on it: see `dataShape`. */
  readonly shape: number;
  readonly createdAt: Date;
  /** When a worker took the store's lease; null while queued. */
  readonly startedAt: Date | null;
  /** When the run ended or was held; null exactly as long as a worker has work to do on it. */
  readonly finishedAt: Date | null;
  readonly resolvedAt: Date | null;
}

/** What a request for a run contains. */
export interface NewRun {
  readonly storeId: string | null;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly configRevision: number;
  readonly requestedBy: string;
  readonly undoOf?: string;
  readonly proposed?: StoreConfig;
  readonly notify?: true;
}

/** A run at its beginning: queued, with no results. */
export function makeRun(asked: NewRun, made: { readonly id: string; readonly now: Date }): Run {
  return {
    undoOf: null,
    proposed: null,
    notify: null,
    ...asked,
    id: made.id,
    status: 'queued',
    certificate: null,
    undecided: null,
    counts: noCounts,
    groups: null,
    warnings: [],
    guards: [],
    error: null,
    decision: null,
    decided: null,
    holder: null,
    cancelRequested: false,
    resumes: 0,
    shape: dataShape,
    createdAt: made.now,
    startedAt: null,
    finishedAt: null,
    resolvedAt: null,
  };
}

/**
 * Whether the run is carried out by the process that created it, without a worker: an edit by hand,
 * or a push. A worker ends such a run only if its process died.
 */
export function runsInCreatingProcess({
  mode,
  trigger,
  decision,
}: Pick<Run, 'mode' | 'trigger' | 'decision'>): boolean {
  return decision === null && (mode === 'single' || trigger === 'push');
}

/** Whether no worker will continue this run: it ended, or it waits for a decision. */
export function hasEnded(run: Pick<Run, 'finishedAt'>): boolean {
  return run.finishedAt !== null;
}
