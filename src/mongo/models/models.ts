import type { Connection } from 'mongoose';
import { type AlertDocument, alertSchema } from './alert.model.ts';
import { type AuditDocument, auditSchema } from './audit.model.ts';
import { type ConfigRevisionDocument, configRevisionSchema } from './config-revision.model.ts';
import { type DirectoryStoreDocument, directoryStoreSchema } from './directory-store.model.ts';
import { type GroupDocument, groupSchema } from './group.model.ts';
import { type LeaseDocument, leaseSchema } from './lease.model.ts';
import { type MailDomainDocument, mailDomainSchema } from './mail-domain.model.ts';
import { type MailTemplateDocument, mailTemplateSchema } from './mail-template.model.ts';
import { type MemberDocument, memberSchema } from './member.model.ts';
import { type NoticeDocument, noticeSchema } from './notice.model.ts';
import { type PersonDocument, personSchema } from './person.model.ts';
import { type RecordDocument, recordSchema } from './record.model.ts';
import { type PeoplePageDocument, peoplePageSchema } from './record-people.model.ts';
import { type RunDocument, runSchema } from './run.model.ts';
import { scimModels } from './scim.model.ts';
import {
  type SessionDocument,
  sessionSchema,
  type UsedOnceDocument,
  usedOnceSchema,
} from './session.model.ts';
import { type TokenDocument, tokenSchema } from './token.model.ts';

/** The models of all collections, on one connection. */
export function modelsOf(connection: Connection) {
  return {
    alerts: connection.model<AlertDocument>('Alert', alertSchema),
    audit: connection.model<AuditDocument>('Audit', auditSchema),
    configRevisions: connection.model<ConfigRevisionDocument>(
      'ConfigRevision',
      configRevisionSchema,
    ),
    stores: connection.model<DirectoryStoreDocument>('DirectoryStore', directoryStoreSchema),
    groups: connection.model<GroupDocument>('Group', groupSchema),
    leases: connection.model<LeaseDocument>('Lease', leaseSchema),
    mailDomains: connection.model<MailDomainDocument>('MailDomain', mailDomainSchema),
    mailTemplates: connection.model<MailTemplateDocument>('MailTemplate', mailTemplateSchema),
    members: connection.model<MemberDocument>('Member', memberSchema),
    notices: connection.model<NoticeDocument>('Notice', noticeSchema),
    records: connection.model<RecordDocument>('Record', recordSchema),
    recordPeople: connection.model<PeoplePageDocument>('RecordPeople', peoplePageSchema),
    runs: connection.model<RunDocument>('Run', runSchema),
    tokens: connection.model<TokenDocument>('Token', tokenSchema),
    people: connection.model<PersonDocument>('Person', personSchema),
    sessions: connection.model<SessionDocument>('Session', sessionSchema),
    usedOnce: connection.model<UsedOnceDocument>('UsedOnce', usedOnceSchema),
    scim: scimModels(connection),
  };
}

export type Models = ReturnType<typeof modelsOf>;
