import { markDelivered, markFailed } from '../../../src/core/alerts/attempts.ts';
import type { NewAlert } from '../../../src/core/model/alert.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores alerts. */
export function describeAlerts(open: OpenPorts<'alerts'>): void {
  describe('the outbox of alerts', () => {
    let ports: Opened<'alerts'>;
    beforeEach(async () => {
      ports = await open();
    });

    const failed = (runId: string): NewAlert => ({
      id: `run-failed_${runId}`,
      kind: 'run-failed',
      storeId: 'store1',
      runId,
    });
    const stale: NewAlert = { id: 'stale_store1_1', kind: 'stale', storeId: 'store1', runId: null };
    const due = () => ports.alerts.due(ports.clock.now(), 10);

    describe('raising an alert', () => {
      it('makes it due at once', async () => {
        await ports.alerts.raise([]);
        await ports.alerts.raise([failed('r1'), stale]);
        expect(await due()).toEqual(
          expect.arrayContaining([
            expect.objectContaining({
              ...failed('r1'),
              createdAt: startedAt,
              attempts: 0,
              triedAt: null,
              nextAttemptAt: startedAt,
              deliveredAt: null,
              lastError: null,
            }),
          ]),
        );
      });

      it('keeps the token that it is about', async () => {
        await ports.alerts.raise([
          {
            id: 'token-expires_t1',
            kind: 'token-expires',
            storeId: null,
            runId: null,
            tokenId: 't1',
          },
        ]);
        expect(await due()).toMatchObject([{ kind: 'token-expires', tokenId: 't1' }]);
      });

      it('stores one of two, whichever process raises it and whatever its state', async () => {
        await Promise.all([ports.alerts.raise([failed('r1')]), ports.alerts.raise([failed('r1')])]);
        const [alert, ...others] = await due();
        if (alert === undefined) throw new Error('nothing is due');
        expect(others).toEqual([]);
        const delivered = markDelivered(alert, ports.clock.now());
        await ports.alerts.save(delivered);
        await ports.alerts.raise([failed('r1'), failed('r2')]);
        expect((await due()).map(({ id }) => id)).toEqual(['run-failed_r2']);
      });
    });

    describe('alerts that are due', () => {
      it('are returned in the order in which they became due, at most as many as asked for', async () => {
        for (const runId of ['r1', 'r2', 'r3']) {
          await ports.alerts.raise([failed(runId)]);
          ports.clock.advance(1000);
        }
        const [first] = await ports.alerts.due(ports.clock.now(), 1);
        expect(first?.id).toBe('run-failed_r1');
        if (first === undefined) return;
        const now = ports.clock.now();
        await ports.alerts.save(markFailed(first, { error: 'answered 500', now, random: 0 }));
        expect((await due()).map(({ id }) => id)).toEqual(['run-failed_r2', 'run-failed_r3']);
        ports.clock.advance(5000);
        expect(await due()).toHaveLength(3);
      });

      it('are gone when they are dropped, and not saved again', async () => {
        await ports.alerts.raise([failed('r1')]);
        const [alert] = await due();
        await ports.alerts.drop('run-failed_r1');
        if (alert !== undefined) await ports.alerts.save(alert);
        expect(await due()).toEqual([]);
      });
    });

    describe('the summary of alerts', () => {
      /** Raises an alert that has been tried this many times, and tries it once more. */
      async function tried(runId: string, attempts: number, outcome: 'delivered' | 'failed') {
        ports.clock.advance(1000);
        await ports.alerts.raise([failed(runId)]);
        const now = ports.clock.now();
        const alert = (await due()).find((one) => one.runId === runId);
        if (alert === undefined) throw new Error(`no alert about ${runId}`);
        const before = { ...alert, attempts };
        await ports.alerts.save(
          outcome === 'delivered'
            ? markDelivered(before, now)
            : markFailed(before, { error: `answered ${attempts}`, now, random: 0 }),
        );
      }

      it('counts each channel by itself', async () => {
        const byMail = { ...failed('r1'), id: 'mail_run-failed_r1', channel: 'mail' } as const;
        await ports.alerts.raise([byMail]);
        const [alert] = await due();
        expect(alert).toMatchObject({ channel: 'mail' });
        if (alert === undefined) return;
        const now = ports.clock.now();
        const lost = { ...alert, attempts: 8 };
        await ports.alerts.save(markFailed(lost, { error: 'answered 550', now, random: 0 }));
        await tried('r2', 0, 'delivered');
        expect(await ports.alerts.summary()).toEqual({
          waiting: 0,
          failing: 0,
          givenUp: 1,
          lastError: 'answered 550',
        });
      });

      it('counts what waits, fails and was given up since the last delivery', async () => {
        expect(await ports.alerts.summary()).toEqual({
          waiting: 0,
          failing: 0,
          givenUp: 0,
          lastError: null,
        });
        await tried('r1', 8, 'failed');
        await tried('r2', 8, 'failed');
        await tried('r3', 1, 'failed');
        await ports.alerts.raise([stale]);
        expect(await ports.alerts.summary()).toEqual({
          waiting: 1,
          failing: 1,
          givenUp: 2,
          lastError: 'answered 1',
        });
        await tried('r4', 0, 'delivered');
        await tried('r5', 8, 'failed');
        expect(await ports.alerts.summary()).toMatchObject({ givenUp: 1, lastError: 'answered 8' });
      });
    });
  });
}
