import { Cancelled } from '../../../src/core/errors.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import type { AccessToken } from '../../../src/core/model/token.ts';
import { type AlertTry, deliverAlerts } from '../../../src/notify/deliver-alerts.ts';
import { anAlert, aRun, aStore, aSyncSummary, aToken } from '../../builders/models.ts';
import { MemoryAlerts } from '../../fakes/memory-alerts.ts';

/** An outbox, runs and stores in memory, and a receiver with set answers. */
class Post {
  time = new Date('2026-02-01T00:00:00Z');
  readonly clock = { now: () => this.time };
  readonly alerts = new MemoryAlerts(this.clock);
  readonly runs = new Map<string, Run>();
  readonly stores = new Map<string, DirectoryStore>([['store1', aStore()]]);
  readonly tokens: AccessToken[] = [];
  readonly sent: string[] = [];
  readonly tries: AlertTry[] = [];
  readonly stop = new AbortController();
  mayGoOn = true;
  answer: (id: string) => Promise<string | null> = async () => null;

  /** A failed run and the alert about it. */
  add(runId: string, run: Partial<Run> = {}): string {
    this.runs.set(runId, aRun({ id: runId, status: 'failed', ...run }));
    const id = `run-failed_${runId}`;
    this.alerts.all.set(id, anAlert({ id, runId }));
    return id;
  }

  deliver() {
    const ports = {
      alerts: this.alerts,
      clock: this.clock,
      tokens: { list: async () => this.tokens },
      scimTokens: { list: async () => [] },
      domains: { get: async () => null },
      runs: { get: async (id: string) => this.runs.get(id) ?? null },
      stores: {
        get: async (id: string) => this.stores.get(id) ?? null,
        syncSummaries: async () => [aSyncSummary()],
      },
    };
    return deliverAlerts(ports, {
      senders: {
        webhook: async ({ id }) => {
          this.sent.push(id);
          return this.answer(id);
        },
      },
      staleMs: 26 * 3_600_000,
      publicUrl: 'https://rollcall.test',
      random: () => 0,
      signal: this.stop.signal,
      mayContinue: async () => this.mayGoOn,
      onTried: (tried) => void this.tries.push(tried),
    });
  }
}

describe('delivering alerts', () => {
  it('sends each once', async () => {
    const post = new Post();
    const id = post.add('run1');
    expect(await post.deliver()).toEqual({ delivered: 1, failed: 0 });
    expect(await post.deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(post.sent).toEqual([id]);
    expect(post.alerts.all.get(id)).toMatchObject({ deliveredAt: post.time, nextAttemptAt: null });
    expect(post.tries).toMatchObject([{ outcome: 'delivered', alert: { id } }]);
  });

  it('sends more than fit into a round', async () => {
    const post = new Post();
    for (let nth = 0; nth < 25; nth += 1) post.add(`run${nth}`);
    expect(await post.deliver()).toEqual({ delivered: 25, failed: 0 });
  });

  it('does not start a next round when it may not', async () => {
    const post = new Post();
    post.mayGoOn = false;
    for (let nth = 0; nth < 25; nth += 1) post.add(`run${nth}`);
    expect(await post.deliver()).toEqual({ delivered: 10, failed: 0 });
  });

  it('postpones failed alerts, and stops for a receiver with trouble', async () => {
    const post = new Post();
    for (let nth = 0; nth < 25; nth += 1) post.add(`run${nth}`);
    post.answer = async (id) => (id === 'run-failed_run3' ? 'answered 500' : null);
    expect(await post.deliver()).toEqual({ delivered: 9, failed: 1 });
    expect(post.alerts.all.get('run-failed_run3')).toMatchObject({
      attempts: 1,
      lastError: 'answered 500',
      nextAttemptAt: new Date(post.time.getTime() + 5000),
    });
    expect(await post.deliver()).toEqual({ delivered: 15, failed: 0 });
    post.time = new Date(post.time.getTime() + 5000);
    post.answer = async () => null;
    expect(await post.deliver()).toEqual({ delivered: 1, failed: 0 });
  });

  it('lets a slow alert delay none of the others', async () => {
    const post = new Post();
    const slow = post.add('slow');
    const quick = post.add('quick');
    let answerSlow = (): void => undefined;
    post.answer = (id) =>
      id === slow
        ? new Promise((resolve) => {
            answerSlow = () => resolve(null);
          })
        : Promise.resolve(null);
    const delivered = post.deliver();
    while (post.tries.length === 0) await new Promise(setImmediate);
    expect(post.tries).toMatchObject([{ alert: { id: quick } }]);
    answerSlow();
    expect(await delivered).toEqual({ delivered: 2, failed: 0 });
  });

  it('reports an alert that is given up', async () => {
    const post = new Post();
    const id = post.add('run1');
    post.alerts.all.set(id, anAlert({ id, attempts: 8 }));
    post.answer = async () => 'answered 500';
    expect(await post.deliver()).toEqual({ delivered: 0, failed: 1 });
    expect(post.tries).toMatchObject([{ outcome: 'given-up', alert: { attempts: 9 } }]);
    expect(post.alerts.all.get(id)).toMatchObject({ nextAttemptAt: null, deliveredAt: null });
  });

  it('waits for a run that has not ended, and drops the alert when it ends well after all', async () => {
    const post = new Post();
    const id = post.add('run1', { status: 'applying', finishedAt: null });
    await post.deliver();
    expect(post.alerts.all.get(id)).toMatchObject({ attempts: 0 });
    expect(await post.alerts.due(post.time, 1)).toEqual([]);
    post.time = new Date(post.time.getTime() + 5000);
    post.runs.set('run1', aRun());
    await post.deliver();
    expect(post.alerts.all.has(id)).toBe(false);
    expect(post.sent).toEqual([]);
  });

  it('leaves an alert as it is when its process stops', async () => {
    const post = new Post();
    const id = post.add('run1');
    const before = post.alerts.all.get(id);
    post.answer = async () => {
      post.stop.abort();
      throw new Cancelled('cut off');
    };
    expect(await post.deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(post.alerts.all.get(id)).toEqual(before);
    expect(post.tries).toEqual([]);
  });

  it('are about tokens that expire, until they are replaced', async () => {
    const post = new Post();
    const token = aToken({ id: 't1', expiresAt: new Date('2026-02-03T00:00:00Z') });
    post.tokens.push(token);
    for (const tokenId of ['t1', 'revoked']) {
      const id = `token-expires_${tokenId}`;
      const about = { kind: 'token-expires', runId: null, storeId: null, tokenId } as const;
      post.alerts.all.set(id, anAlert({ id, ...about }));
    }
    await post.deliver();
    expect(post.sent).toEqual(['token-expires_t1']);
    expect(post.alerts.all.has('token-expires_revoked')).toBe(false);
  });
});
