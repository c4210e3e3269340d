import { raiseExpiring } from '../src/notify/expiring-tokens.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

/** Raises an alert for tokens that are about to expire. */
export function reportExpiringTokensJob(ports: Parameters<typeof raiseExpiring>[0]): JobDefinition {
  return defineRecurring('report-expiring-tokens', 60 * 60_000, async () => ({
    end: 'done',
    result: { expiring: await raiseExpiring(ports) },
  }));
}
