import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { AlertStore } from '../../ports/alerts.ts';
import type { SourceDirectory } from '../../ports/directory.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { Ports } from '../../ports/index.ts';
import type { Progress } from '../../ports/job-queue.ts';
import type { RunStore } from '../../ports/runs.ts';
import type { ScimUserStore } from '../../ports/scim.ts';
import type { HeldLease } from './lease.ts';

export type RunOutcome =
  | { readonly outcome: 'ended'; readonly run: Run }
  | { readonly outcome: 'lease-taken' }
  /** A newer release wrote the run, or its store's configuration: its workers carry it out. */
  | { readonly outcome: 'newer' }
  | { readonly outcome: 'handed-back' };

export interface Worker {
  /** Names the lease's holder. */
  readonly holder: string;
  /** Aborts when the worker shuts down: the run is handed back and another worker continues it. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called with the run after each step of this attempt, for the log. */
  readonly onStep?: (step: RunStep, run: Run) => void;
}

/** A worker claimed the run; its source is listed; its plan is stored; its plan is applied. */
export type RunStep = 'started' | 'listed' | 'planned' | 'applied';

export interface SyncPorts
  extends Pick<
    Ports,
    | 'members'
    | 'records'
    | 'recordPeople'
    | 'groups'
    | 'leases'
    | 'notices'
    | 'connectDirectory'
    | 'connectPushed'
    | 'expressions'
    | 'clock'
    | 'random'
  > {
  readonly stores: Pick<
    DirectoryStores,
    'get' | 'credential' | 'setStatus' | 'groupSizes' | 'keepGroupSizes' | 'setPerSecond'
  >;
  readonly scim: {
    readonly users: Pick<ScimUserStore, 'linked' | 'link' | 'replace' | 'after' | 'byIds'>;
  };
  readonly runs: Pick<RunStore, 'get' | 'update' | 'list' | 'amend'>;
  readonly alerts: Pick<AlertStore, 'raise'>;
}

/** A source that a run has opened. */
export interface Opened {
  readonly store: DirectoryStore;
  readonly directory: SourceDirectory;
}

export interface Planning {
  readonly run: Run;
  /** The run as this worker found it. */
  readonly found: Run;
  readonly store: DirectoryStore;
  readonly lease: HeldLease;
  readonly worker: Worker;
  /** Warnings for people, in whole sentences. */
  readonly warnings: string[];
  /** The sources that the run has opened. */
  readonly opened: Opened[];
}

/** The result of planning, as it is stored with the run. */
export type Plan = Pick<
  Run,
  'configRevision' | 'certificate' | 'undecided' | 'counts' | 'groups' | 'warnings' | 'guards'
>;
