import { raiseStale, type StalePorts } from '../src/notify/raise-alerts.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface ReportStaleStoresDependencies extends StalePorts {
  readonly staleMs: number;
}

/** Raises an alert for stores that have not been synced for too long, whatever the reason. */
export function reportStaleStoresJob({
  staleMs,
  ...ports
}: ReportStaleStoresDependencies): JobDefinition {
  return defineRecurring('report-stale-stores', 60_000, async () => ({
    end: 'done',
    result: { stale: await raiseStale(ports, staleMs) },
  }));
}
