import { createHmac, randomUUID } from 'node:crypto';
import { deliverAlertsJob } from '../../../jobs/deliver-alerts.job.ts';
import type { JobOutcome } from '../../../jobs/job-definition.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import type { AlertTry } from '../../../src/notify/deliver-alerts.ts';
import { raiseForEnd } from '../../../src/notify/raise-alerts.ts';
import { createWebhook } from '../../../src/notify/webhook/post-webhook.ts';
import { aConfig } from '../../builders/models.ts';
import {
  type AnsweringServer,
  type AnswerRequest,
  startAnsweringServer,
} from '../../fakes/answering-server.ts';
import { openTestDatabase, type TestDatabase } from '../store/test-database.ts';

const key = Buffer.alloc(32, 7);

let db: TestDatabase;
let receiver: AnsweringServer;
let answer: AnswerRequest;
let store: DirectoryStore;
const tries: AlertTry[] = [];

const take: AnswerRequest = (response) => response.writeHead(204).end();
const refuse: AnswerRequest = (response) => response.writeHead(500).end();

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

beforeEach(async () => {
  await db.empty();
  tries.length = 0;
  answer = take;
  receiver = await startAnsweringServer((...asked) => answer(...asked));
  store = await db.stores.create({
    name: 'acme',
    directory: 'jumpcloud',
    connection: { region: 'us' },
    orgId: 'o1',
    sendOrgId: false,
    owner: 'cli:ada',
    config: aConfig(),
    credential: { type: 'api-key', apiKey: 'hunter2' },
  });
});
afterEach(() => receiver.close());

/** A run with a raised alert; the run has failed unless it is left open. */
async function failRun({ open = false } = {}): Promise<string> {
  const { run } = await db.runs.enqueue({
    storeId: store.id,
    mode: 'full',
    trigger: 'schedule',
    configRevision: 1,
    requestedBy: 'schedule',
  });
  const end = { status: 'failed', error: { code: 'empty-listing', message: 'nobody' } } as const;
  await raiseForEnd(db, run.id, end);
  if (!open) await db.runs.update(run, { ...end, finishedAt: db.clock.now() });
  return run.id;
}

/** One round of the job, on a worker of its own. */
function deliver(ports: Partial<TestDatabase> = {}, timeoutMs = 10_000): Promise<JobOutcome> {
  const { clock } = db;
  const job = deliverAlertsJob({
    ...db,
    ...ports,
    alertSenders: { webhook: createWebhook({ url: `${receiver.url}/in`, key, clock, timeoutMs }) },
    staleMs: 26 * 3_600_000,
    publicUrl: 'https://rollcall.test',
    random: () => 0,
    onAlertTried: (tried) => void tries.push(tried),
  });
  return job.handle({
    data: {},
    signal: new AbortController().signal,
    holder: randomUUID(),
    retried: false,
    showProgress: () => undefined,
  });
}

const done = (delivered: number, failed: number) => ({
  end: 'done',
  result: { delivered, failed },
});

/** Verifies as a receiver does, and returns the body. */
function verified(nth: number): unknown {
  const request = receiver.requests[nth];
  if (request === undefined) throw new Error(`there is no request ${nth}`);
  const { headers, body } = request;
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  const signature = createHmac('sha256', key).update(signed).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  return JSON.parse(body);
}

describe('an alert on its way to a real receiver', () => {
  it('arrives signed, and says what happened', async () => {
    const runId = await failRun();
    expect(await deliver()).toEqual(done(1, 0));
    expect(verified(0)).toMatchObject({
      id: `run-failed_${runId}`,
      kind: 'run-failed',
      at: '2026-01-01T00:00:00.000Z',
      store: { id: store.id, name: 'acme' },
      run: { id: runId, status: 'failed', error: { code: 'empty-listing' } },
      message: 'Failed: the sync of acme. nobody',
      hint: `See more with: rollcall runs show ${runId}`,
    });
    expect(receiver.requests[0]?.body).not.toContain('hunter2');
    expect(await deliver()).toEqual(done(0, 0));
    expect(receiver.requests).toHaveLength(1);
  });

  it('is sent again after a failure, later, with the same id', async () => {
    const runId = await failRun();
    answer = refuse;
    expect(await deliver()).toEqual(done(0, 1));
    answer = take;
    expect(await deliver()).toEqual(done(0, 0));
    db.clock.advance(5000);
    expect(await deliver()).toEqual(done(1, 0));
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
      `run-failed_${runId}`,
      `run-failed_${runId}`,
    ]);
    expect(receiver.requests.map(({ headers }) => headers['webhook-timestamp'])).toEqual([
      '1767225600',
      '1767225605',
    ]);
    verified(0);
    verified(1);
    expect(tries.map(({ outcome }) => outcome)).toEqual(['failed', 'delivered']);
  });

  it('is sent again with the same id when the worker died before it could store the delivery', async () => {
    await failRun();
    const dying = {
      ...db.alerts,
      save: async () => {
        throw new Error('the worker was killed');
      },
    };
    await expect(deliver({ alerts: dying })).rejects.toThrow('the worker was killed');
    expect(await deliver()).toEqual(done(1, 0));
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not sent on by a redirect', async () => {
    await failRun();
    answer = (response, { url }) =>
      response.writeHead(url === '/in' ? 307 : 204, { location: '/elsewhere' }).end();
    expect(await deliver()).toEqual(done(0, 1));
    expect(receiver.requests.map(({ url }) => url)).toEqual(['/in']);
    expect(tries[0]?.alert.lastError).toMatch(/^answered 307/);
  });

  it('fails when the receiver does not answer in time', async () => {
    await failRun();
    answer = () => undefined;
    expect(await deliver({}, 50)).toEqual(done(0, 1));
    expect(tries[0]?.alert.lastError).toBe('did not answer within 0.05 s');
  });

  it('is given up after two days, and counted as given up', async () => {
    await failRun();
    answer = refuse;
    while (tries.at(-1)?.outcome !== 'given-up') {
      await deliver();
      db.clock.advance(24 * 3_600_000);
    }
    expect(tries).toHaveLength(9);
    expect(await db.alerts.summary()).toMatchObject({ givenUp: 1, lastError: 'answered 500' });
  });

  it('waits for the end of its run, and is dropped when the run ends otherwise', async () => {
    const runId = await failRun({ open: true });
    expect(await deliver()).toEqual(done(0, 0));
    await db.runs.update(
      { id: runId, holder: null },
      { status: 'succeeded', finishedAt: db.clock.now() },
    );
    db.clock.advance(5000);
    expect(await deliver()).toEqual(done(0, 0));
    expect(receiver.requests).toEqual([]);
    expect(await db.raw('alerts').countDocuments()).toBe(0);
  });

  it('is no longer sent when the store got a working key meanwhile', async () => {
    await db.stores.setStatus(store.id, 'needs-reauthorization');
    const { run } = await db.runs.enqueue({
      storeId: store.id,
      mode: 'full',
      trigger: 'schedule',
      configRevision: 1,
      requestedBy: 'schedule',
    });
    const end = { status: 'failed', error: { code: 'source-auth', message: 'no' } } as const;
    await raiseForEnd(db, run.id, end);
    await db.runs.update(run, { ...end, finishedAt: db.clock.now() });
    answer = refuse;
    expect(await deliver()).toEqual(done(0, 1));
    expect(verified(0)).toMatchObject({ kind: 'needs-reauthorization' });
    await db.stores.setStatus(store.id, 'active');
    db.clock.advance(5000);
    expect(await deliver()).toEqual(done(0, 0));
    expect(receiver.requests).toHaveLength(1);
  });
});
