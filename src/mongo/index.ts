import { noRoles, type RoleLists } from '../core/people/role-of.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeptPorts } from '../ports/index.ts';
import { createAlertStore } from './alert.ts';
import { createAuditStore } from './audit.ts';
import { createRevisionStore } from './config-revision.ts';
import type { Database } from './connection.ts';
import { createDirectoryStores } from './directory-store.ts';
import { createGroupStore } from './group.ts';
import { createLeaseStore } from './lease.ts';
import { createDomainStore } from './mail-domain.ts';
import { createTemplateStore } from './mail-template.ts';
import { createMemberStore } from './member.ts';
import { modelsOf } from './models/models.ts';
import { createNoticeStore } from './notice.ts';
import { createPersonStore } from './person.ts';
import { createPushedReader } from './pushed.ts';
import { createRecordStore } from './record.ts';
import { createRecordLists } from './record-lists.ts';
import { createRecordPeople } from './record-people.ts';
import { createRunStore } from './run.ts';
import { createScimGroupStore } from './scim-group.ts';
import { createScimTokenStore } from './scim-token.ts';
import { createScimUserStore } from './scim-user.ts';
import type { SecretBox } from './secret-box.ts';
import { createSessionStore } from './session.ts';
import { createTokenStore } from './token.ts';
import { unlessAway } from './unless-away.ts';

/** The stores of a connected and migrated database. */
export function createStores({
  database: { connection },
  secretBox,
  clock,
  roles = noRoles,
}: {
  readonly database: Pick<Database, 'connection'>;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  /** Who has which role when they sign in as themselves. */
  readonly roles?: RoleLists;
}): KeptPorts {
  const models = modelsOf(connection);
  const { records, recordPeople, leases, alerts, scim } = models;
  return {
    revisions: unlessAway(createRevisionStore(models)),
    stores: unlessAway(createDirectoryStores({ ...models, secretBox, clock })),
    members: unlessAway(createMemberStore({ ...models, clock })),
    groups: unlessAway(createGroupStore(models.groups)),
    records: unlessAway(createRecordStore(records)),
    recordPeople: unlessAway(createRecordPeople(recordPeople)),
    recordLists: unlessAway(createRecordLists(records)),
    runs: unlessAway(createRunStore({ ...models, clock })),
    leases: unlessAway(createLeaseStore(leases, clock)),
    alerts: unlessAway(createAlertStore(alerts, clock)),
    scim: {
      users: unlessAway(createScimUserStore({ ...scim, clock })),
      groups: unlessAway(createScimGroupStore({ ...scim, clock })),
    },
    pushed: unlessAway(createPushedReader(models)),
    scimTokens: unlessAway(createScimTokenStore(scim.tokens, clock)),
    notices: unlessAway(createNoticeStore(models.notices, clock)),
    mailTemplates: unlessAway(createTemplateStore(models.mailTemplates, clock)),
    domains: unlessAway(createDomainStore(models.mailDomains, clock)),
    audit: unlessAway(createAuditStore(models.audit, clock)),
    tokens: unlessAway(createTokenStore(models.tokens, clock)),
    people: unlessAway(createPersonStore(models.people, { clock, roles })),
    sessions: unlessAway(createSessionStore(models, { clock, secretBox })),
  };
}
