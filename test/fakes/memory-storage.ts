import type { Clock } from '../../src/ports/clock.ts';
import type { KeptPorts, Ports } from '../../src/ports/index.ts';
import type { PushedReader } from '../../src/ports/pushed.ts';
import { MemoryAlerts } from './memory-alerts.ts';
import { MemoryAudit } from './memory-audit.ts';
import { MemoryDomains } from './memory-domains.ts';
import { MemoryGroups, MemoryRecordPeople } from './memory-groups.ts';
import { MemoryLeases } from './memory-leases.ts';
import { MemoryMembers } from './memory-members.ts';
import { MemoryNotices } from './memory-notices.ts';
import { MemoryPeople, MemorySessions } from './memory-people.ts';
import { MemoryRecordLists } from './memory-record-lists.ts';
import { MemoryRecords } from './memory-records.ts';
import { MemoryRuns } from './memory-runs.ts';
import { MemoryScim } from './memory-scim.ts';
import { MemoryStores } from './memory-stores.ts';
import { MemoryTemplates } from './memory-templates.ts';
import { MemoryScimTokens, MemoryTokens } from './memory-tokens.ts';
import type { WriteLog } from './write-log.ts';

/** Everything of the ports that MongoDB keeps, in memory. The suites of `test/contract/ports` run against both. */
export class MemoryStorage<Time extends Clock = Clock> implements KeptPorts, Pick<Ports, 'clock'> {
  readonly writes: WriteLog = { members: 0, records: 0, runs: 0, leases: 0 };
  readonly clock: Time;
  readonly members: MemoryMembers;
  readonly records: MemoryRecords;
  readonly recordLists: MemoryRecordLists;
  readonly groups = new MemoryGroups();
  readonly recordPeople = new MemoryRecordPeople();
  readonly runs: MemoryRuns;
  readonly leases: MemoryLeases;
  readonly alerts: MemoryAlerts;
  readonly audit: MemoryAudit;
  readonly domains: MemoryDomains;
  readonly notices: MemoryNotices;
  readonly mailTemplates: MemoryTemplates;
  readonly tokens: MemoryTokens;
  readonly people: MemoryPeople;
  readonly sessions: MemorySessions;
  readonly scim: MemoryScim;
  readonly scimTokens: MemoryScimTokens;
  readonly stores: MemoryStores;
  get revisions() {
    return this.stores.revisions;
  }
  readonly pushed: PushedReader = {
    read: async (storeId, ids) => ({
      store: await this.stores.get(storeId),
      users: await this.scim.users.byIds(storeId, ids),
      removed: await this.scim.users.removed(storeId, ids),
      members: await this.members.bySourceIds(storeId, ids),
      blocking: await this.records.blocking(storeId, ids),
    }),
  };

  constructor(clock: Time) {
    this.clock = clock;
    this.members = new MemoryMembers(this.writes, clock);
    this.records = new MemoryRecords(this.writes);
    this.recordLists = new MemoryRecordLists(this.records);
    this.runs = new MemoryRuns(this.writes, clock, this.records, this.recordPeople);
    this.leases = new MemoryLeases(this.writes, clock);
    this.alerts = new MemoryAlerts(clock);
    this.mailTemplates = new MemoryTemplates(clock);
    this.notices = new MemoryNotices(clock);
    this.domains = new MemoryDomains(clock);
    this.audit = new MemoryAudit(clock);
    this.tokens = new MemoryTokens(clock);
    this.people = new MemoryPeople(clock);
    this.sessions = new MemorySessions(clock);
    this.scim = new MemoryScim(clock);
    this.scimTokens = new MemoryScimTokens(clock);
    this.stores = new MemoryStores(clock, this);
  }

  /** All that is kept, as the ports have it. */
  get kept(): KeptPorts & Pick<Ports, 'clock'> {
    const { stores, members, records, runs, leases, tokens, alerts, audit, clock } = this;
    const {
      recordLists,
      groups,
      recordPeople,
      people,
      domains,
      notices,
      mailTemplates,
      sessions,
      scim,
      scimTokens,
      pushed,
    } = this;
    const { revisions } = stores;
    return {
      stores,
      revisions,
      members,
      records,
      recordLists,
      groups,
      recordPeople,
      runs,
      leases,
      tokens,
      alerts,
      audit,
      domains,
      notices,
      mailTemplates,
      clock,
      people,
      sessions,
      scim,
      scimTokens,
      pushed,
    };
  }
}
