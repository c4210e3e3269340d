import type { AuditEntry } from '../../api/client.ts';
import { exactTime, settingName } from '../../words.ts';

type Action = AuditEntry['action'];

/** What an actor did, as the rest of a sentence that begins with the name. */
export const didWords: Readonly<Record<Action, string>> = {
  'signed-in': 'signed in',
  'signed-out': 'signed out',
  'access-refused': 'asked for what the role does not allow',
  'token-created': 'made an access token',
  'token-revoked': 'revoked an access token',
  'sessions-ended': 'ended the sessions of a person',
  'store-added': 'added a store',
  'store-configured': 'changed a configuration',
  'store-renamed': 'renamed a store',
  'store-owner-changed': 'changed the owner of a store',
  'store-paused': 'paused a store',
  'store-resumed': 'resumed a store',
  'store-reauthorized': 'reauthorized a store',
  'store-removed': 'removed a store',
  'run-previewed': 'previewed a sync',
  'mapping-previewed': 'tried a field mapping',
  'users-sampled': 'read people of a directory as a sample',
  'run-cancelled': 'cancelled a run',
  'run-approved': 'approved held changes',
  'run-rejected': 'rejected held changes',
  'run-undone': 'undid a run',
  'member-added': 'added a member by hand',
  'member-activated': 'activated a member',
  'member-deactivated': 'deactivated a member',
  'member-released': 'left the status of a member to the sync',
  'member-erased': 'erased a person',
  'members-exported': 'saved members as a file',
  'records-exported': 'saved the records of a run as a file',
  'domain-added': 'added a domain for mail',
  'domain-checked': 'checked a domain for mail',
  'domain-removed': 'removed a domain for mail',
  'alert-tested': 'sent an alert as a test',
  'template-changed': 'changed the text of a mail',
  'secrets-rotated': 'encrypted the stored secrets with the newest key',
  'queue-changed': 'changed a queue',
};

/** All actions, by what they are about. */
export const actionGroups: readonly (readonly [label: string, actions: readonly Action[]])[] = [
  [
    'Access',
    [
      'signed-in',
      'signed-out',
      'access-refused',
      'token-created',
      'token-revoked',
      'sessions-ended',
    ],
  ],
  [
    'Stores',
    [
      'store-added',
      'store-configured',
      'store-renamed',
      'store-owner-changed',
      'store-paused',
      'store-resumed',
      'store-reauthorized',
      'store-removed',
      'mapping-previewed',
      'users-sampled',
    ],
  ],
  [
    'Runs',
    [
      'run-previewed',
      'run-cancelled',
      'run-approved',
      'run-rejected',
      'run-undone',
      'records-exported',
    ],
  ],
  [
    'Members',
    [
      'member-added',
      'member-activated',
      'member-deactivated',
      'member-released',
      'member-erased',
      'members-exported',
    ],
  ],
  [
    'Mail',
    ['domain-added', 'domain-checked', 'domain-removed', 'alert-tested', 'template-changed'],
  ],
  ['Installation', ['secrets-rotated', 'queue-changed']],
];

const pathNames: Readonly<Record<string, string>> = {
  name: 'Name',
  role: 'Role',
  expiresAt: 'Expires',
  owner: 'Owner',
  sessions: 'Person',
  directory: 'Directory',
  via: 'Connected by',
  region: 'Region',
  orgId: 'Organization',
  scimToken: 'SCIM token',
  scimTokenExpiresAt: 'SCIM token expires',
  members: 'Members',
  domain: 'Domain',
  channel: 'Channel',
  template: 'Text',
  records: 'Records',
  status: 'Status',
  preview: 'Seen in the preview',
  'takes back': 'Undone run',
  request: 'Request',
  origin: 'From the site',
  queueName: 'Queue',
  jobId: 'Job',
  queueStatus: 'Jobs that are',
};

/** What a changed value is called. */
export const changeName = (path: string): string => pathNames[path] ?? settingName(path);

const isTime = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** A changed value; times as they are here. */
export const changeText = (value: string): string =>
  isTime.test(value) ? exactTime(value) : value;

/** The actions among these words. */
export const actionsAmong = (words: readonly string[]): readonly Action[] =>
  (Object.keys(didWords) as Action[]).filter((action) => words.includes(action));
