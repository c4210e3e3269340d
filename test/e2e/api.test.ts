import { type Installation, install, type Running } from './processes.ts';

/** The parts of the API's answers that these tests read. */
interface Answer {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly items: readonly (Answer & { readonly externalId: string; readonly action: string })[];
  readonly next: string | null;
  readonly token: string;
}

const users = 250;
let site: Installation;
let all: Running;
let url: string;
let cookie: string;

beforeAll(async () => {
  site = await install({ users, groups: 2, seed: 5 });
  all = await site.serve('all');
  url = /"address":"([^"]+)"/.exec(all.said())?.[1] ?? '';
  const made = await site.ask<Answer>(['token', 'create', '--role', 'owner', '--name', 'ada']);
  const answer = await send('POST', '/session', { token: made.token });
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterAll(() => site.close());

/** Sends a request as the browser of a signed-in user. */
function send(method: string, path: string, body?: unknown, headers: object = {}) {
  return fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      origin: url,
      ...(cookie !== undefined && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function ask(method: string, path: string, body?: unknown, headers?: object) {
  const answer = await send(method, path, body, headers);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** Follows a run by its events; returns the ended run, and the names of all events. */
async function follow(id: string) {
  const text = await (await send('GET', `/runs/${id}/events`)).text();
  const events = text.split('\n\n').filter((event) => event.includes('event: '));
  const end = /^data: (.*)$/m.exec(events.at(-1) ?? '')?.[1] ?? '';
  const names = events.map((event) => /^event: (.*)$/m.exec(event)?.[1]);
  return { run: JSON.parse(end) as Answer, names };
}

describe('the API of a built process', () => {
  let store: string;

  it('refuses requests without a token', async () => {
    expect((await fetch(`${url}/api/v1/stores`)).status).toBe(401);
  });

  it('adds a store and syncs it, followed to the end', async () => {
    const added = await ask('POST', '/stores', {
      name: 'acme',
      directory: 'jumpcloud',
      credential: { type: 'api-key', apiKey: site.simulator.apiKey },
    });
    store = added.id;
    const safeguards = { removals: { percent: 0, floor: 0 } };
    const change = { safeguards };
    await ask('PATCH', `/stores/${store}/configuration`, change, { 'if-match': '"1"' });
    const { run, names } = await follow((await ask('POST', `/stores/${store}/runs`)).id);
    expect(run).toMatchObject({ status: 'succeeded', counts: { listed: users } });
    expect(names.at(0)).toBe('run');
    expect(names.at(-1)).toBe('end');
  });

  it('lists all members, page by page, as the command line does', async () => {
    const told = await site.ask<readonly { id: string }[]>(['members', 'list', '--store', 'acme']);
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const asked = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Answer = await ask('GET', `/members?store=${store}&limit=100${asked}`);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(ids).toEqual(told.map(({ id }) => id));
  });

  it('previews a mapping on real users', async () => {
    const attributes = await send('GET', `/stores/${store}/attributes`);
    expect(await attributes.text()).toContain('"name":"phoneNumbers[type=work].number"');
    const mapping = { department: { attribute: 'department', transform: ['uppercase'] } };
    const preview = await send('POST', `/stores/${store}/mapping-preview`, { mapping });
    expect(preview.status).toBe(200);
    const count = await send('POST', `/stores/${store}/criteria-count`, {
      criteria: { users: 'all' },
    });
    expect(await count.json()).toMatchObject({ listed: users, inScope: users, complete: true });
  });

  it('has held removals approved, and undoes them', async () => {
    const active = site.simulator.people.all().filter(({ state }) => state === 'ACTIVATED');
    for (const { _id } of active.slice(0, 2)) {
      site.simulator.people.suspend(_id);
    }
    const { run: held } = await follow((await ask('POST', `/stores/${store}/runs`)).id);
    expect(held).toMatchObject({ status: 'held', counts: { held: 2 } });
    const records = await ask('GET', `/runs/${held.id}/records?status=held`);
    expect(records.items.map(({ action }) => action)).toEqual(['deactivate', 'deactivate']);
    await ask('POST', `/runs/${held.id}/approve`);
    const { run: approved } = await follow(held.id);
    expect(approved).toMatchObject({ status: 'succeeded', counts: { applied: 2 } });
    const { run: undone } = await follow((await ask('POST', `/runs/${held.id}/undo`)).id);
    expect(undone).toMatchObject({ status: 'succeeded', counts: { reactivate: 2, applied: 2 } });
    expect(await ask('GET', `/stores/${store}`)).toMatchObject({ status: 'paused' });
  });

  it('stores the actor in the audit, in the same form for commands and routes', async () => {
    const { items } = await ask('GET', `/audit?store=${store}`);
    expect(items.map(({ action }) => action)).toEqual([
      'run-undone',
      'run-approved',
      'mapping-previewed',
      'store-configured',
      'store-added',
    ]);
    expect(await site.ask(['audit', 'list', '--store', 'acme'])).toEqual(items);
    expect(JSON.stringify(items)).not.toContain(site.simulator.apiKey);
  });

  it('exports all members', async () => {
    const csv = await (await send('GET', `/members.csv?store=${store}`)).text();
    const { members } = await site.ask<{ members: { active: number; inactive: number } }>([
      'store',
      'show',
      'acme',
    ]);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + members.active + members.inactive);
  });

  it('stops in order while a client follows a run', async () => {
    await ask('POST', `/stores/${store}/resume`);
    site.simulator.people.update(site.simulator.people.ids[0] ?? '', { jobTitle: 'Captain' });
    const { id } = await ask('POST', `/stores/${store}/runs`);
    const stream = await send('GET', `/runs/${id}/events`);
    const ended = stream.text();
    expect(await all.stop()).toBe(0);
    expect(await ended).toContain('event: ');
  });
});
