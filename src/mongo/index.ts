import type { Clock } from '../ports/clock.ts';
import type { Ports } from '../ports/index.ts';
import { createAlertStore } from './alert.ts';
import { createAuditStore } from './audit.ts';
import type { Database } from './connection.ts';
import { createDirectoryStores } from './directory-store.ts';
import { createLeaseStore } from './lease.ts';
import { createMemberStore } from './member.ts';
import { alertModel } from './models/alert.model.ts';
import { auditModel } from './models/audit.model.ts';
import { directoryStoreModel } from './models/directory-store.model.ts';
import { leaseModel } from './models/lease.model.ts';
import { memberModel } from './models/member.model.ts';
import { recordModel } from './models/record.model.ts';
import { runModel } from './models/run.model.ts';
import { scimModels } from './models/scim.model.ts';
import { tokenModel } from './models/token.model.ts';
import { createRecordStore } from './record.ts';
import { createRunStore } from './run.ts';
import { createScimGroupStore } from './scim-group.ts';
import { createScimTokenStore } from './scim-token.ts';
import { createScimUserStore } from './scim-user.ts';
import type { SecretBox } from './secret-box.ts';
import { createTokenStore } from './token.ts';
import { unlessAway } from './unless-away.ts';

/** The ports that are stored in MongoDB. */
export type Stores = Pick<
  Ports,
  | 'stores'
  | 'members'
  | 'records'
  | 'runs'
  | 'leases'
  | 'tokens'
  | 'alerts'
  | 'audit'
  | 'scim'
  | 'scimTokens'
>;

/** The stores of a connected and migrated database. */
export function createStores({
  database: { connection },
  secretBox,
  clock,
}: {
  readonly database: Pick<Database, 'connection'>;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
}): Stores {
  const stores = directoryStoreModel(connection);
  const members = memberModel(connection);
  const records = recordModel(connection);
  const runs = runModel(connection);
  const leases = leaseModel(connection);
  const alerts = alertModel(connection);
  const scim = scimModels(connection);
  const removed = { stores, members, records, runs, leases, alerts, scim };
  return {
    stores: unlessAway(createDirectoryStores({ ...removed, secretBox, clock })),
    members: unlessAway(createMemberStore({ model: members, clock })),
    records: unlessAway(createRecordStore({ model: records })),
    runs: unlessAway(createRunStore({ runs, records, clock })),
    leases: unlessAway(createLeaseStore({ model: leases, clock })),
    alerts: unlessAway(createAlertStore({ model: alerts, clock })),
    scim: {
      users: unlessAway(createScimUserStore({ ...scim, clock })),
      groups: unlessAway(createScimGroupStore({ ...scim, clock })),
    },
    scimTokens: unlessAway(createScimTokenStore({ model: scim.tokens, clock })),
    audit: unlessAway(createAuditStore({ model: auditModel(connection), clock })),
    tokens: unlessAway(createTokenStore({ model: tokenModel(connection), clock })),
  };
}
