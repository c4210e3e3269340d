import { Unavailable } from '../../../src/core/errors.ts';
import type { AccessToken } from '../../../src/core/model/token.ts';
import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';
import { MemorySessions } from '../../fakes/memory-people.ts';

const anAdmin: AccessToken = {
  id: 'ada',
  name: 'ada',
  role: 'admin',
  createdAt: new Date(0),
  lastUsedAt: null,
  expiresAt: null,
};

describe('health', () => {
  let world: HttpWorld;
  let problem: string | null;
  let notice: string | null;
  beforeEach(async () => {
    problem = null;
    notice = null;
    world = await openHttpWorld(null, {
      checks: {
        required: { database: async () => problem, redis: async () => null },
        noticed: { clock: async () => notice },
      },
    });
  });
  afterEach(() => world.close());

  it('is open to all', async () => {
    expect((await world.ask('/healthz')).status).toBe(200);
    expect(await (await world.ask('/metrics')).text()).toBe('rollcall_up 1\n');
    const ready = await world.ask('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      ready: true,
      checks: { database: { ok: true }, redis: { ok: true }, clock: { ok: true } },
    });
  });

  it('names what is not ready', async () => {
    problem = 'no answer';
    const answer = await world.ask('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      ready: false,
      checks: { database: { ok: false, problem: 'no answer' } },
    });
    expect((await world.ask('/healthz')).status).toBe(200);
  });

  it('tells what a person must see to, and stays ready', async () => {
    notice = 'the clock of this machine is 3 h behind that of Redis';
    const answer = await world.ask('/readyz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ready: true,
      checks: { clock: { ok: false, problem: notice } },
    });
  });

  it('writes the error of a check only to the log', async () => {
    const other = await openHttpWorld(null, {
      checks: {
        required: {
          database: async () => {
            throw new Unavailable("The database at db.inside:27017 can't be used");
          },
        },
        noticed: {},
      },
    });
    try {
      const answer = await other.ask('/readyz');
      expect(answer.status).toBe(503);
      expect(await answer.text()).not.toContain('db.inside');
      expect(other.logged.join('')).toContain('db.inside:27017');
    } finally {
      await other.close();
    }
  });

  it('does not check the session: it works with the database away', async () => {
    const away = async () => {
      throw new Error('away');
    };
    const sessions = new MemorySessions({ now: () => new Date() });
    const other = await openHttpWorld([], {
      tokens: { get: away, bySecret: async () => anAdmin },
      sessions: Object.assign(sessions, { bySecret: away }),
    });
    try {
      const cookie = await other.signIn('secret');
      expect(cookie).toContain('rollcall_session=');
      for (const path of ['/healthz', '/readyz', '/metrics']) {
        expect((await other.ask(path, { headers: { cookie } })).status).toBe(200);
      }
      expect((await other.ask('/ops/queues/api/queues', { headers: { cookie } })).status).toBe(500);
    } finally {
      await other.close();
    }
  });

  it('has the durations of requests by the pattern of their path', async () => {
    await world.ask('/healthz?and=more');
    await world.ask('/nowhere/ada@acme.test');
    expect(world.observed).toEqual([
      { method: 'GET', route: '/healthz', status: 200, seconds: expect.any(Number) },
      { method: 'GET', route: 'none', status: 404, seconds: expect.any(Number) },
    ]);
  });

  it('logs no line for a file of the dashboard', async () => {
    const other = await openHttpWorld([], {
      tokens: { get: async () => anAdmin, bySecret: async () => anAdmin },
    });
    try {
      const cookie = await other.signIn('secret');
      other.logged.length = 0;
      const page = await (await other.ask('/ops/queues', { headers: { cookie } })).text();
      const file = /static\/[\w./-]+\.js/.exec(page)?.[0];
      const answer = await other.ask(`/ops/queues/${file}`, { headers: { cookie } });
      expect(answer.status).toBe(200);
      // An answer that is not read keeps its connection, and the server, open.
      await answer.text();
      expect(other.logged.map((line) => JSON.parse(line).route)).toEqual(['/ops/queues']);
    } finally {
      await other.close();
    }
  });

  it('is all that a worker serves', async () => {
    const answer = await world.ask('/ops/sign-in');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      title: 'Not found',
      detail: 'There is nothing at /ops/sign-in.',
    });
  });
});
