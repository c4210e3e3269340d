import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formerCollections, indexesByCollection } from '../../../src/mongo/migrations/indexes.ts';
import { createdInMongodb, redisRules } from '../../fakes/deploy-files.ts';

const rules = redisRules();
const allowed = rules.filter((rule) => rule.startsWith('+')).map((rule) => rule.slice(1));

/** The commands in the scripts that BullMQ has Redis run. */
function commandsOfScripts(): ReadonlySet<string> {
  const folder = join(dirname(require.resolve('bullmq')), 'scripts');
  const commands = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, command = ''] of text.matchAll(/(?:rcall|redis\.p?call)\(\s*["'](\w+)/g)) {
      commands.add(command.toLowerCase());
    }
  }
  return commands;
}

/** What Rollcall, BullMQ and ioredis send outside of scripts. */
const direct = [
  'bzpopmin',
  'client|list',
  'client|setinfo',
  'client|setname',
  'cluster|info',
  'cluster|slots',
  'eval',
  'evalsha',
  'exec',
  'info',
  'multi',
  'ping',
  'select',
];

describe("Rollcall's user in Redis", () => {
  it('has the keys of its prefix, no channel, and no category of commands', () => {
    expect(rules.filter((rule) => !rule.startsWith('+'))).toEqual([
      'on',
      'resetkeys',
      '~{rollcall}:*',
      'resetchannels',
      '-@all',
    ]);
    expect(allowed.filter((rule) => rule.startsWith('@'))).toEqual([]);
  });

  it('may use the commands of the scripts of BullMQ, those outside of them, and no other', () => {
    const scripts = commandsOfScripts();
    expect(scripts.size).toBeGreaterThan(40);
    expect(allowed.toSorted()).toEqual([...new Set([...scripts, ...direct])].sort());
  });
});

describe("Rollcall's roles in MongoDB", () => {
  const { roles, users } = createdInMongodb();

  it('are for every collection by its name, in one database', () => {
    const resources = roles['rollcall']?.map(({ resource }) => resource) ?? [];
    expect(resources.map(({ db }) => db)).toEqual(resources.map(() => 'rollcall'));
    expect(resources.map(({ collection }) => collection).sort()).toEqual(
      [
        '',
        'groups',
        'leases',
        'mailDomains',
        'mailTemplates',
        'migrations',
        ...formerCollections,
        ...Object.keys(indexesByCollection),
      ].sort(),
    );
  });

  it('manage no users, and keep entries of the audit', () => {
    const all = Object.values(roles).flat();
    const actions = new Set(all.flatMap((privilege) => privilege.actions));
    expect([...actions].filter((action) => /role|user|any/i.test(action))).toEqual([]);
    const audit = roles['rollcall']?.find(({ resource }) => resource.collection === 'audit');
    expect(audit?.actions).not.toContain('remove');
  });

  it('let reports read, and no credential and no token', () => {
    const reports = roles['rollcallReports'] ?? [];
    expect(reports.map(({ resource }) => resource.collection)).toEqual([
      'members',
      'records',
      'runs',
    ]);
    expect([...new Set(reports.flatMap(({ actions }) => actions))]).toEqual(['find']);
  });

  it('are given to one user', () => {
    expect(users).toEqual([
      { user: 'rollcall', pwd: 'password', roles: [{ role: 'rollcall', db: 'rollcall' }] },
    ]);
  });
});
