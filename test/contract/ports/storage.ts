import type { KeptPorts } from '../../../src/ports/index.ts';
import { describeAlerts } from './alerts.ts';
import { describeAudit } from './audit.ts';
import { describeDirectoryStores } from './directory-stores.ts';
import { describeEndedRuns } from './ended-runs.ts';
import { describeLeases } from './leases.ts';
import { describeMemberReads } from './member-reads.ts';
import { describeMemberWrites } from './member-writes.ts';
import type { OpenPorts } from './open-ports.ts';
import { describePushed } from './pushed.ts';
import { describeRecordHolds } from './record-holds.ts';
import { describeRecords } from './records.ts';
import { describeRevisions } from './revisions.ts';
import { describeRuns } from './runs.ts';
import { describeScimGroups } from './scim-groups.ts';
import { describeScimTokens } from './scim-tokens.ts';
import { describeScimUsers } from './scim-users.ts';
import { describeStoreRemoval } from './store-removal.ts';
import { describeSyncSummaries } from './sync-summaries.ts';
import { describeTokens } from './tokens.ts';

/** Holds everything that is kept for Rollcall to what the ports promise. */
export function describeStorage(open: OpenPorts<keyof KeptPorts>): void {
  describeAlerts(open);
  describeAudit(open);
  describeDirectoryStores(open);
  describeEndedRuns(open);
  describeLeases(open);
  describeMemberReads(open);
  describeMemberWrites(open);
  describePushed(open);
  describeRecordHolds(open);
  describeRecords(open);
  describeRevisions(open);
  describeRuns(open);
  describeScimGroups(open);
  describeScimTokens(open);
  describeScimUsers(open);
  describeStoreRemoval(open);
  describeSyncSummaries(open);
  describeTokens(open);
}
