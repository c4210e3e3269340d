import { runJobId } from '../../../jobs/job-queue.ts';
import type { TokenRole } from '../../../src/core/model/token.ts';
import { aStore } from '../../builders/models.ts';
import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';
import { type JobWorld, next, openJobWorld } from '../../fakes/job-world.ts';

describe('the queue dashboard', () => {
  let jobs: JobWorld;
  let world: HttpWorld;
  let failedJob: string;
  beforeAll(async () => {
    jobs = await openJobWorld();
    world = await openHttpWorld(Object.values(jobs.queues));
    jobs.stores.all.set('store1', aStore());
    await jobs.startWorkers(async (id) => ({ outcome: 'ended', run: jobs.runs.end(id, 'failed') }));
  });
  afterAll(async () => {
    await world.close();
    await jobs.close();
  });
  beforeEach(async () => {
    const { run } = await jobs.runs.enqueue({
      storeId: 'store1',
      mode: 'full',
      trigger: 'manual',
      configRevision: 1,
      requestedBy: 'cli:ada',
    });
    failedJob = runJobId(run);
    const failed = next(jobs.events.runs, 'failed', failedJob);
    await jobs.queue.enqueueJob(run);
    await failed;
  });

  const cookies = new Map<TokenRole, string>();

  async function as(role: TokenRole): Promise<(method: string, path: string) => Promise<Response>> {
    const cookie = cookies.get(role) ?? (await world.signIn(world.tokens.add(role, role)));
    cookies.set(role, cookie);
    const token = await world.tokens.get(role);
    if (token !== null) jobs.tokens.set(role, token);
    return (method, path) => world.ask(`/ops/queues${path}`, { method, headers: { cookie } });
  }

  it('shows the queues to viewers, without controls', async () => {
    const ask = await as('viewer');
    const page = await ask('GET', '/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>Rollcall</title>');
    const { queues } = (await (
      await ask('GET', '/api/queues?activeQueue=runs&status=failed&page=1&jobsPerPage=10')
    ).json()) as {
      queues: { name: string; readOnlyMode: boolean; jobs: { id: string; data: unknown }[] }[];
    };
    expect(queues.map(({ name }) => name)).toEqual(['runs', 'ticks', 'maintenance']);
    expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    expect(queues[0]?.jobs.map(({ id }) => id)).toContain(failedJob);
  });

  it('fetches nothing from elsewhere', async () => {
    const page = await (await as('viewer'))('GET', '/');
    expect(await page.text()).not.toMatch(/(href|src)="https?:/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it('refuses viewers the actions of admins', async () => {
    const ask = await as('viewer');
    for (const path of [
      `/api/queues/runs/${failedJob}/retry`,
      '/api/queues/runs/retry/failed',
      `/api/queues/runs/${failedJob}/promote`,
      '/api/queues/runs/promote',
    ]) {
      expect((await ask('PUT', path)).status).toBe(403);
    }
    expect(await jobs.queues.runs.getJobState(failedJob)).toBe('failed');
  });

  it.each(['admin', 'owner'] as const)(
    'lets an %s retry: the store gets a new run',
    async (role) => {
      const ask = await as(role);
      const before = jobs.runs.all.size;
      const anew = next(
        jobs.events.runs,
        'failed',
        runJobId({ id: `run${before + 1}`, decision: null }),
      );
      expect((await ask('PUT', `/api/queues/runs/${failedJob}/retry`)).status).toBe(204);
      await anew;
      expect(jobs.runs.all.get(`run${before + 1}`)?.requestedBy).toBe(`ops:${role}`);
      expect(world.logged.join('')).toContain('Used the queue dashboard.');
      expect(world.audit.all.at(-1)).toMatchObject({
        by: `token:${role}`,
        byTokenId: role,
        action: 'queue-changed',
        outcome: 'done',
        changes: [
          { path: 'request', to: 'PUT /ops/queues/api/queues/:queueName/:jobId/retry' },
          { path: 'queueName', to: 'runs' },
          { path: 'jobId', to: failedJob },
        ],
      });
    },
  );

  it.each([
    ['POST', '/api/queues/runs/add'],
    ['PUT', '/api/queues/pause'],
    ['PUT', '/api/queues/resume'],
    ['PUT', '/api/queues/runs/pause'],
    ['PUT', '/api/queues/runs/resume'],
    ['PUT', '/api/queues/runs/empty'],
    ['PUT', '/api/queues/runs/obliterate'],
    ['PUT', '/api/queues/runs/clean/failed'],
    ['PUT', '/api/queues/runs/JOB/clean'],
    ['PATCH', '/api/queues/runs/JOB/update-data'],
    ['PATCH', '/api/queues/runs/JOB/delay'],
    ['PUT', '/api/queues/ticks/job-schedulers/x/remove'],
    ['PUT', '/api/queues/ticks/job-schedulers/x/run'],
    ['PATCH', '/api/queues/ticks/job-schedulers/x'],
    ['PUT', '/api/queues/runs/concurrency'],
    ['PUT', '/api/queues/runs/rate-limit'],
  ])('has %s %s switched off even for owners', async (method, path) => {
    const answer = await (await as('owner'))(method, path.replace('JOB', failedJob));
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ detail: 'This is switched off for all roles.' });
    expect(await jobs.queues.runs.getJobState(failedJob)).toBe('failed');
  });

  it('answers nothing without a session, not even its scripts', async () => {
    expect((await world.ask('/ops/queues/static/js/main.js')).status).toBe(401);
  });
});
