/*
 * Everything a run, a command or a route needs from the outside, one file an aggregate. The adapters in
 * directories/, store/ and jobs/ implement these; tests pass fakes. A function asks for no more of a port than it
 * uses (`Pick<MemberStore, 'insertMany'>`).
 */
import type { AlertSenders, AlertStore } from './alerts.ts';
import type { AuditStore } from './audit.ts';
import type { Clock } from './clock.ts';
import type { ConnectDirectory, ConnectPushed, Directories } from './directory.ts';
import type { DirectoryStores } from './directory-stores.ts';
import type { DomainStore, LookUpTxt } from './domains.ts';
import type { Expressions } from './expressions.ts';
import type { GroupStore } from './groups.ts';
import type { JobQueue } from './job-queue.ts';
import type { LeaseStore } from './leases.ts';
import type { SendMail } from './mail.ts';
import type { TemplateStore } from './mail-templates.ts';
import type { MemberStore } from './members.ts';
import type { NoticeStore } from './notices.ts';
import type { PersonStore, SessionStore } from './people.ts';
import type { PushedReader } from './pushed.ts';
import type { RecordLists } from './record-lists.ts';
import type { RecordPeople } from './record-people.ts';
import type { RecordStore } from './records.ts';
import type { RevisionStore } from './revisions.ts';
import type { RunStore } from './runs.ts';
import type { ScimStore, ScimTokenStore } from './scim.ts';
import type { TokenStore } from './tokens.ts';

/** What is kept in the database. */
export type KeptPorts = Omit<
  Ports,
  | 'queue'
  | 'directories'
  | 'connectDirectory'
  | 'connectPushed'
  | 'expressions'
  | 'lookUpTxt'
  | 'alertSenders'
  | 'sendMail'
  | 'clock'
  | 'random'
>;

/** What works without the queue. */
export type PortsWithoutQueue = Omit<Ports, 'queue'>;

/** Everything behind the shell: what `compose.ts` builds and the commands, routes and jobs are given. */
export interface Ports {
  readonly stores: DirectoryStores;
  readonly members: MemberStore;
  readonly groups: GroupStore;
  readonly records: RecordStore;
  readonly recordPeople: RecordPeople;
  readonly recordLists: RecordLists;
  readonly revisions: RevisionStore;
  readonly runs: RunStore;
  readonly leases: LeaseStore;
  readonly tokens: TokenStore;
  readonly people: PersonStore;
  readonly sessions: SessionStore;
  readonly alerts: AlertStore;
  readonly scim: ScimStore;
  readonly pushed: PushedReader;
  readonly scimTokens: ScimTokenStore;
  readonly audit: AuditStore;
  readonly domains: DomainStore;
  readonly notices: NoticeStore;
  readonly mailTemplates: TemplateStore;
  readonly lookUpTxt: LookUpTxt;
  readonly alertSenders: AlertSenders;
  /** Null when no mail server is set. */
  readonly sendMail: SendMail | null;
  readonly queue: JobQueue;
  readonly directories: Directories;
  readonly connectDirectory: ConnectDirectory;
  readonly connectPushed: ConnectPushed;
  readonly expressions: Expressions;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}
