import type { Run } from '../src/core/model/run.ts';
import type { AlertTry } from '../src/notify/deliver-alerts.ts';
import type { NoticeTry } from '../src/notify/mail/deliver-notices.ts';
import type { Ports } from '../src/ports/index.ts';
import { checkDomainsJob } from './check-domains.job.ts';
import { deliverAlertsJob } from './deliver-alerts.job.ts';
import { deliverNoticesJob } from './deliver-notices.job.ts';
import { type ExecuteRun, executeRunJob } from './execute-run.job.ts';
import { expireHeldJob } from './expire-held.job.ts';
import type { JobDefinition } from './job-definition.ts';
import { enqueueRunJob } from './job-queue.ts';
import { pruneRunsJob } from './prune-runs.job.ts';
import type { Queues } from './queues.ts';
import { reconcileSchedulesJob } from './reconcile-schedules.job.ts';
import { reportExpiringTokensJob } from './report-expiring-tokens.job.ts';
import { reportStaleStoresJob } from './report-stale-stores.job.ts';
import { type ResumeRemovalsDependencies, resumeRemovalsJob } from './resume-removals.job.ts';
import { reconcileSchedules } from './schedules.ts';
import { sweepRunsJob } from './sweep-runs.job.ts';
import { tickStoreJob } from './tick-store.job.ts';

export interface JobDependencies {
  readonly ports: Ports;
  readonly queues: Queues;
  readonly executeRun: ExecuteRun;
  readonly removeStore: ResumeRemovalsDependencies['removeStore'];
  readonly onRunEnded: (run: Run) => void;
  readonly heldExpiryMs: number;
  readonly retentionMs: number;
  /** Called after every try to send an alert, for metrics and the log. */
  readonly onAlertTried: (tried: AlertTry) => void;
  /** Called after every try to send a mail to a member, for the log. */
  readonly onNoticeTried: (tried: NoticeTry) => void;
  /** After how long without a sync a store is reported. */
  readonly staleMs: number;
  /** Where people reach this installation. */
  readonly publicUrl: string;
  readonly log: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** All jobs. To add one, add a file and a line here. */
export function allJobs({ ports, queues, ...rest }: JobDependencies): readonly JobDefinition[] {
  return refuseDuplicates([
    executeRunJob({ ...ports, ...rest, random: Math.random }),
    tickStoreJob({ ...ports, ...rest }),
    sweepRunsJob({ ...ports, ...rest, enqueueJob: (run) => enqueueRunJob(queues.runs, run) }),
    reconcileSchedulesJob((holder) => reconcileSchedules({ ...ports, queues }, holder)),
    expireHeldJob({ ...ports, ...rest }),
    pruneRunsJob({ ...ports, ...rest }),
    reportStaleStoresJob({ ...ports, ...rest }),
    reportExpiringTokensJob(ports),
    checkDomainsJob(ports),
    resumeRemovalsJob({ ...ports, ...rest }),
    deliverNoticesJob({ ...ports, ...rest, random: Math.random }),
    deliverAlertsJob({ ...ports, ...rest, random: Math.random }),
  ]);
}

/** Two jobs with one name would take each other's work, so the process refuses to start with them. */
export function refuseDuplicates(jobs: readonly JobDefinition[]): readonly JobDefinition[] {
  const seen = new Set<string>();
  for (const { queue, name } of jobs) {
    const address = `${queue}/${name}`;
    if (seen.has(address)) throw new Error(`Two jobs are named ${address}.`);
    seen.add(address);
  }
  return jobs;
}
