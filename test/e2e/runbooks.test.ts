import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { lookAt } from './database.ts';
import { openRunbook } from './follow-runbook.ts';
import { type Installation, install, type Running } from './processes.ts';

interface RunJson {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly error: { readonly code: string; readonly message: string } | null;
}
interface MemberJson {
  readonly externalId: string;
  readonly status: string;
  readonly fields: Readonly<Record<string, string>>;
}

const users = 40;
const name = 'acme';
let site: Installation;
let worker: Running;
let folder: string;

const people = () => site.simulator.people.all();
const person = (n: number) => {
  const { _id = '', email = '' } = people()[n] ?? {};
  return { id: _id, email };
};
const sync = async (exits = 0): Promise<RunJson> => {
  const { code, stdout, stderr } = await site.rollcall(['sync', name, '--wait', '--json']);
  if (code !== exits) throw new Error(`sync exited ${code}: ${stderr}`);
  return JSON.parse(stdout) as RunJson;
};
const members = () => site.ask<MemberJson[]>(['members', 'list', '--store', name]);
const inactive = async () => (await members()).filter(({ status }) => status === 'inactive');
const follow = (runbook: string) => openRunbook(runbook, site.env);

async function fileOf(content: string, file = 'file'): Promise<string> {
  const path = join(folder, file);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

// Every command is a process of its own, and a runbook has up to twenty.
jest.setTimeout(300_000);

describe('a runbook, followed literally', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runbook-'));
    site = await install({ users, groups: 2, seed: 21 });
    for (const { _id, state } of people()) {
      if (state !== 'ACTIVATED') site.simulator.people.activate(_id);
    }
    await site.ask(['token', 'create', '--role', 'owner', '--name', 'ada']);
    worker = await site.serve('worker');
    const add = ['store', 'add', name, '--directory', 'jumpcloud', '--api-key-stdin'];
    await site.ask(add, site.simulator.apiKey);
    await sync();
  });
  afterEach(async () => {
    await site.close();
    await rm(folder, { recursive: true });
  });

  it('run-held: decides on held records, and raises the limit', async () => {
    for (let n = 0; n < 9; n += 1) site.simulator.people.suspend(person(n).id);
    const { id } = await sync(3);
    const values = { NAME: name, RUN: id, EMAIL: person(2).email };
    const book = await follow('run-held');
    await book.next(values);
    await book.next(values);
    await book.next(values);
    await book.next({ ...values, 'SOURCE-ID': person(0).id });
    await book.next({ ...values, 'OTHER-ID': person(1).id });
    expect((await inactive()).map(({ externalId }) => externalId)).toEqual([person(0).id]);
    const said = await book.next(values);
    expect(said).toContain('7 held earlier, 1 rejected earlier');
    await book.next(values);
    expect(await inactive()).toHaveLength(8);
    const file = { ...values, 'FILE.yaml': join(folder, 'store.yaml') };
    await book.next(file);
    await book.next(file);
    book.end();
    for (let n = 20; n < 30; n += 1) site.simulator.people.suspend(person(n).id);
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { held: 0 } });
    expect(await inactive()).toHaveLength(18);
  });

  it('group-was-emptied: puts people back, takes them out, keeps them, and undoes', async () => {
    await site.ask(['store', 'apply', name, '-f', await fileOf('groups: { sync: true }\n')]);
    const first = await sync(3);
    await site.ask(['runs', 'approve', first.id]);
    const { groups } = site.simulator.people;
    const [one, other] = groups.all();
    if (one === undefined || other === undefined) throw new Error('there are no two groups');
    const sizeOf = async (id: string) =>
      (await site.ask<{ members: number }>(['groups', 'show', id])).members;
    const before = await sizeOf(one.id);
    expect(before).toBeGreaterThan(0);
    const empty = (group: string): readonly string[] => {
      const ids = [...groups.membersOf(group)];
      for (const id of ids) groups.removeMember(group, id);
      return ids;
    };
    const removed = empty(one.id);
    const [email] = people().flatMap(({ _id, email: address }) =>
      removed.includes(_id) ? address : [],
    );
    const held = await sync(3);
    const book = await follow('group-was-emptied');
    const values = { NAME: name, GROUP: one.name, 'GROUP-ID': one.id, EMAIL: email ?? '' };
    await book.next({ ...values, RUN: held.id });
    await book.next(values);
    for (const id of removed) groups.addMember(one.id, id);
    await book.next(values);
    empty(one.id);
    const again = await sync(3);
    await book.next({ ...values, RUN: again.id });
    expect(await sizeOf(one.id)).toBe(0);
    empty(other.id);
    const last = await sync(3);
    await book.next({ ...values, 'GROUP-ID': other.id, RUN: last.id });
    expect(await sizeOf(other.id)).toBeGreaterThan(0);
    await book.next({ ...values, RUN: again.id });
    expect(await sizeOf(one.id)).toBe(before);
    book.end();
  });

  it('needs-reauthorization: replaces a refused key, but not by one of another organization', async () => {
    const before = await members();
    site.simulator.setFaults(['login-redirect']);
    expect((await sync(1)).error?.code).toBe('source-auth');
    const book = await follow('needs-reauthorization');
    await book.next({ NAME: name });
    await book.next({ NAME: name }, 1);
    site.simulator.setFaults([]);
    const key = await fileOf(`${site.simulator.apiKey}\n`);
    const values = { NAME: name, 'KEY-FILE': key };
    await book.next(values);
    expect(await readdir(folder)).toEqual([]);
    const stranger = await startSimulator({ users: 3, seed: 22 });
    const { JUMPCLOUD_CONSOLE_URL: own } = site.env;
    site.env['JUMPCLOUD_CONSOLE_URL'] = stranger.url;
    await fileOf(stranger.apiKey);
    expect(await book.again(values)).toMatchObject({
      code: 2,
      said: expect.stringContaining('belongs to another organization'),
    });
    site.env['JUMPCLOUD_CONSOLE_URL'] = own;
    await stranger.close();
    await book.next(values);
    book.end();
    expect(await members()).toEqual(before);
  });

  it('undo-a-bad-mapping: undoes a mistake, corrects it, and resumes', async () => {
    const before = await members();
    const mapping = (attribute: string) => `mapping: { city: { attribute: ${attribute} } }\n`;
    await site.ask(['store', 'apply', name, '-f', await fileOf(mapping('email'))]);
    const { id } = await sync();
    const { email } = person(3);
    const values = { NAME: name, RUN: id, EMAIL: email, FIELD: 'city' };
    const book = await follow('undo-a-bad-mapping');
    await book.next(values);
    await book.next(values);
    await book.next(values);
    await book.next(values);
    expect((await members()).map(({ fields }) => fields)).toEqual(
      before.map(({ fields }) => fields),
    );
    const file = { ...values, 'FILE.yaml': await fileOf(mapping('department')) };
    await book.next(file);
    await book.next(file);
    await book.next(values);
    await book.next(values);
    book.end();
    const after = await members();
    expect(after.map(({ fields }) => fields['city'])).toEqual(
      before.map(({ fields }) => fields['department']),
    );
    expect(await site.ask(['store', 'show', name])).toMatchObject({ status: 'active' });
  });

  it('back-up-and-restore: restores a lost database, with the runs that were under way', async () => {
    // The real tools are in no registry: these take the same options and print the same.
    site.env['PATH'] = [join(__dirname, '../fakes/mongo-tools'), site.env['PATH']].join(delimiter);
    const left = person(5);
    const values = { NAME: name, FILE: join(folder, 'archive') };
    const [{ id: first } = { id: '' }] = await site.ask<RunJson[]>(['runs', 'list']);
    const book = await follow('back-up-and-restore');
    await book.next({ ...values, RUN: first });
    await worker.stop();
    const waiting = await site.ask<RunJson>(['sync', name]);
    await book.next(values);
    worker = await site.serve('worker');
    await lookAt(site, (view) => view.until(waiting.id, hasSucceeded));
    site.simulator.people.remove(left.id);
    site.simulator.people.hireMany(2);
    await sync();
    await worker.stop();
    await lookAt(site, ({ raw }) => raw.dropDatabase());
    await book.next(values);
    await book.next(values);
    worker = await site.serve('worker');
    await book.next(values);
    await lookAt(site, (view) => view.until(waiting.id, hasSucceeded));
    await book.next(values);
    await book.next(values);
    book.end();
    expect(await inactive()).toMatchObject([{ externalId: left.id }]);
    expect(await members()).toHaveLength(users + 2);
  });

  it('secrets-keys-lost: says which keys are lost, loses nothing else, and accepts new ones', async () => {
    const before = await members();
    await site.ask(['token', 'create', '--role', 'owner', '--name', 'ops']);
    const file = join(folder, 'secrets');
    const { email } = person(0);
    const values = { NAME: name, EMAIL: email, 'KEY-FILE': file, PID: String(worker.pid) };
    const book = await follow('secrets-keys-lost');
    await book.next(values);
    expect((await readFile(file, 'utf8')).trim()).toBe(site.env['SECRETS_KEYS']);
    await worker.stop();
    delete site.env['SECRETS_KEYS'];
    expect(await site.rollcall(['store', 'list'])).toMatchObject({ code: 78 });
    await book.next(values);
    site.env['SECRETS_KEYS_FILE'] = file;
    worker = await site.serve('worker');
    await book.next(values, 1);
    const said = await book.next(values);
    expect(said).toContain('ops');
    const failed = await sync(1);
    expect(failed.error).toMatchObject({ code: 'bad-configuration' });
    expect(failed.error?.message).toContain('SECRETS_KEYS');
    expect(failed.error?.message).toContain('reauthorize the store');
    expect(await members()).toEqual(before);
    const key = await fileOf(site.simulator.apiKey, 'key');
    await book.next({ ...values, 'STORE-KEY-FILE': key });
    await book.next(values);
    book.end();
    expect(await members()).toEqual(before);
  });

  it('rotate-secrets: encrypts the credentials anew, so that the old key can go', async () => {
    const file = await fileOf(site.env['SECRETS_KEYS'] ?? '', 'keys');
    delete site.env['SECRETS_KEYS'];
    site.env['SECRETS_KEYS_FILE'] = file;
    const restart = async () => {
      await worker.stop();
      worker = await site.serve('worker');
    };
    const values = { 'KEY-FILE': file };
    const book = await follow('rotate-secrets');
    await book.next(values);
    expect((await readFile(file, 'utf8')).split(',')).toHaveLength(2);
    await restart();
    expect(await book.next(values)).toContain('1 credential encrypted anew');
    expect((await book.again(values)).said).toContain('0 credentials encrypted anew');
    await sync();
    await book.next(values);
    expect((await readFile(file, 'utf8')).trim()).toMatch(/^k2:[^,]+$/);
    await restart();
    await book.next(values);
    book.end();
    await sync();
  });

  it('erase-a-person: leaves no data of the person', async () => {
    const { id, email } = person(7);
    site.simulator.people.update(id, { lastname: 'Nobodysname' });
    await sync();
    expect(await everything()).toMatch(new RegExp(`${email}|Nobodysname`));
    const values = { NAME: name, EMAIL: email };
    const book = await follow('erase-a-person');
    await book.next(values);
    site.simulator.people.remove(id);
    await book.next(values, 2);
    expect(await members()).toHaveLength(users);
    await book.next(values);
    await book.next(values);
    book.end();
    expect(await members()).toHaveLength(users - 1);
    expect(await everything()).not.toMatch(new RegExp(`${email}|Nobodysname`));
  });
});

const hasSucceeded = ({ status }: { readonly status: string }) => status === 'succeeded';

/** All documents of the database, as text. */
const everything = () =>
  lookAt(site, async ({ raw }) => {
    const collections = await raw.collections();
    return JSON.stringify(await Promise.all(collections.map((each) => each.find().toArray())));
  });

describe('the list of runbooks', () => {
  it('names all runbooks', async () => {
    const docs = join(__dirname, '../../docs/runbooks');
    const list = await readFile(join(docs, 'README.md'), 'utf8');
    const files = (await readdir(docs)).filter((file) => file !== 'README.md');
    expect(files.filter((file) => !list.includes(`](${file})`))).toEqual([]);
  });
});
