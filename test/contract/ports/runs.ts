import { dataShape } from '../../../src/core/model/data-shape.ts';
import type { NewRun } from '../../../src/core/model/run.ts';
import { noCounts, type Run } from '../../../src/core/model/run.ts';
import { defaultStoreConfig } from '../../../src/core/store-file/default-config.ts';
import { defaultMapping } from '../../../src/directories/jumpcloud/default-mapping.ts';
import { aNewRun } from '../../builders/models.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores runs. */
export function describeRuns(open: OpenPorts<'runs'>): void {
  describe('the runs', () => {
    let ports: Opened<'runs'>;
    beforeEach(async () => {
      ports = await open();
    });

    const full = aNewRun();

    async function queue(parts: Partial<NewRun> = {}): Promise<Run> {
      return (await ports.runs.enqueue({ ...full, ...parts })).run;
    }

    async function queueAndEnd(status: Run['status'] = 'succeeded'): Promise<Run> {
      const run = await queue();
      const ended = await ports.runs.update(run, { status, finishedAt: ports.clock.now() });
      if (ended === null) throw new Error('the run had ended');
      return ended;
    }

    describe('queueing a run', () => {
      it('inserts it', async () => {
        const { run, created } = await ports.runs.enqueue(full);
        expect(created).toBe(true);
        expect(run).toEqual({
          ...full,
          id: run.id,
          status: 'queued',
          groups: null,
          certificate: null,
          undecided: null,
          counts: noCounts,
          warnings: [],
          guards: [],
          error: null,
          undoOf: null,
          proposed: null,
          notify: null,
          decision: null,
          decided: null,
          holder: null,
          cancelRequested: false,
          resumes: 0,
          shape: dataShape,
          createdAt: startedAt,
          startedAt: null,
          finishedAt: null,
          resolvedAt: null,
        });
        await expect(ports.runs.get(run.id)).resolves.toEqual(run);
        await expect(ports.runs.get('none')).resolves.toBeNull();
      });

      it('returns the queued one when many ask at once', async () => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, () => ports.runs.enqueue(full)),
        );
        expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
        expect(answers.filter(({ created }) => created)).toHaveLength(1);
        await expect(ports.runs.list({})).resolves.toHaveLength(1);
      });

      it('keeps modes and stores apart', async () => {
        await queue();
        await expect(ports.runs.enqueue({ ...full, mode: 'plan' })).resolves.toMatchObject({
          created: true,
        });
        await expect(ports.runs.enqueue({ ...full, storeId: 's2' })).resolves.toMatchObject({
          created: true,
        });
      });

      it('keeps undo runs and proposals apart, and finds the same one again', async () => {
        const config = {
          ...defaultStoreConfig(defaultMapping),
          criteria: { users: 'all' as const },
        };
        const custom = { ...config.mapping, 'custom.size': { custom: 'shirtSize' } };
        const asked: readonly Partial<NewRun>[] = [
          {},
          { undoOf: 'run1' },
          { undoOf: 'run2' },
          { proposed: config },
          { proposed: { ...config, mapping: custom } },
        ];
        for (const parts of asked) {
          const { run, created } = await ports.runs.enqueue({ ...full, mode: 'plan', ...parts });
          expect(created).toBe(true);
          expect(await ports.runs.enqueue({ ...full, mode: 'plan', ...parts })).toEqual({
            run,
            created: false,
          });
          expect(run).toMatchObject({ undoOf: null, proposed: null, ...parts });
        }
      });

      it('keeps a configuration that is replaced', async () => {
        const first = defaultStoreConfig(defaultMapping);
        const { run } = await ports.runs.enqueue({ ...full, mode: 'plan', proposed: first });
        const proposed = { ...first, mapping: {} };
        await ports.runs.redactProposed(run.id, proposed);
        expect(await ports.runs.get(run.id)).toEqual({ ...run, proposed });
      });

      it('does not return a run of a store for a run without a store', async () => {
        await queue({ mode: 'single' });
        const { run } = await ports.runs.enqueue({ ...full, storeId: null, mode: 'single' });
        const again = await ports.runs.enqueue({ ...full, storeId: null, mode: 'single' });
        expect(again).toEqual({ run, created: false });
      });

      it('inserts another once the first is under way', async () => {
        const first = await queue();
        await ports.runs.update(first, { status: 'listing' });
        const { run, created } = await ports.runs.enqueue(full);
        expect(created).toBe(true);
        expect(run.id).not.toBe(first.id);
      });
    });

    describe('a run carried out in the creating process', () => {
      it('is under way from the start, with or without a store', async () => {
        const edit: NewRun = { ...full, storeId: null, mode: 'single' };
        const [first, second] = await Promise.all([
          ports.runs.insertUnderWay(edit),
          ports.runs.insertUnderWay(edit),
        ]);
        expect(first).toMatchObject({
          storeId: null,
          status: 'applying',
          startedAt,
          finishedAt: null,
        });
        expect(first.id).not.toBe(second.id);
        await expect(ports.runs.get(first.id)).resolves.toEqual(first);
      });
    });

    describe('changing a run', () => {
      it('keeps what the patch does not name', async () => {
        const run = await queue();
        const certificate = {
          complete: true,
          totalBefore: 2,
          totalAfter: 2,
          distinct: 2,
          problems: 0,
          pages: 1,
          requests: 2,
          walks: 1,
        };
        const patch = {
          status: 'applying',
          certificate,
          counts: { ...noCounts, listed: 2 },
          warnings: ['slow'],
          error: { code: 'x', message: 'y' },
          startedAt,
          resumes: 1,
          configRevision: 4,
        } as const;
        await expect(ports.runs.update(run, patch)).resolves.toEqual({ ...run, ...patch });
        await ports.runs.update(run, { certificate: null, error: null });
        await expect(ports.runs.get(run.id)).resolves.toEqual({
          ...run,
          ...patch,
          certificate: null,
          error: null,
        });
      });

      it.each(['succeeded', 'failed', 'cancelled', 'held', 'planned'] as const)(
        'is refused once it has ended as %s',
        async (status) => {
          const ended = await queueAndEnd(status);
          await expect(ports.runs.update(ended, { status: 'applying' })).resolves.toBeNull();
          await expect(ports.runs.requestCancel(ended.id)).resolves.toBeNull();
          await expect(ports.runs.get(ended.id)).resolves.toEqual(ended);
        },
      );

      it('is refused to all but the holder that claimed it last', async () => {
        const queued = await queue();
        const first = await ports.runs.update(queued, { status: 'listing', holder: 'first' });
        expect(first).toMatchObject({ status: 'listing', holder: 'first' });
        await expect(ports.runs.update(queued, { holder: 'late' })).resolves.toBeNull();
        const second = await ports.runs.update(
          { id: queued.id, holder: 'first' },
          { holder: 'second' },
        );
        await expect(
          ports.runs.update({ id: queued.id, holder: 'first' }, { status: 'applying' }),
        ).resolves.toBeNull();
        await expect(ports.runs.get(queued.id)).resolves.toEqual(second);
      });

      it('continues while a planned run is under way', async () => {
        const run = await queue();
        await ports.runs.update(run, { status: 'planned' });
        await expect(ports.runs.update(run, { status: 'applying' })).resolves.toMatchObject({
          status: 'applying',
        });
      });

      it('returns null for a run that does not exist', async () => {
        await expect(
          ports.runs.update({ id: 'none', holder: null }, { resumes: 1 }),
        ).resolves.toBeNull();
        await expect(ports.runs.requestCancel('none')).resolves.toBeNull();
      });
    });

    describe('cancelling a run', () => {
      it('ends a queued one at once', async () => {
        const run = await queue();
        ports.clock.advance(1000);
        await expect(ports.runs.requestCancel(run.id)).resolves.toEqual({
          ...run,
          status: 'cancelled',
          cancelRequested: true,
          finishedAt: ports.clock.now(),
        });
        await expect(ports.runs.enqueue(full)).resolves.toMatchObject({ created: true });
      });

      it('asks one under way to stop', async () => {
        const run = await queue();
        await ports.runs.update(run, { status: 'listing', startedAt });
        await expect(ports.runs.requestCancel(run.id)).resolves.toEqual({
          ...run,
          status: 'listing',
          startedAt,
          cancelRequested: true,
        });
      });

      it('is seen by the worker, or comes before it', async () => {
        const run = await queue();
        const [taken, asked] = await Promise.all([
          ports.runs.update(run, { status: 'listing' }),
          ports.runs.requestCancel(run.id),
        ]);
        const after = await ports.runs.get(run.id);
        expect(asked).not.toBeNull();
        expect(after?.cancelRequested).toBe(true);
        expect(after?.status).toBe(taken === null ? 'cancelled' : 'listing');
      });
    });

    describe('listing and counting runs', () => {
      let first: Run;
      let second: Run;
      let third: Run;
      let other: Run;
      beforeEach(async () => {
        first = await queueAndEnd();
        second = await queueAndEnd('failed');
        third = await queue();
        other = await queue({ storeId: 's2' });
      });
      const list = async (filter: Parameters<typeof ports.runs.list>[0]) =>
        (await ports.runs.list(filter)).map(({ id }) => id);

      it('lists the newest first, up to the limit', async () => {
        await expect(list({})).resolves.toEqual([other, third, second, first].map(({ id }) => id));
        await expect(list({ limit: 1 })).resolves.toEqual([other.id]);
      });

      it('lists those of a store, of some statuses or of some modes', async () => {
        await expect(list({ storeId: 's1' })).resolves.toEqual([third.id, second.id, first.id]);
        await expect(list({ statuses: ['failed', 'succeeded'] })).resolves.toEqual([
          second.id,
          first.id,
        ]);
        await expect(list({ modes: ['plan', 'undo'] })).resolves.toEqual([]);
        await expect(list({ storeId: 's2', modes: ['full'] })).resolves.toEqual([other.id]);
      });

      it('lists those before one, also when that one was removed', async () => {
        await expect(list({ before: third.id })).resolves.toEqual([second.id, first.id]);
        await expect(list({ before: third.id, limit: 1 })).resolves.toEqual([second.id]);
        await ports.runs.removeMany([second.id]);
        await expect(list({ before: second.id })).resolves.toEqual([first.id]);
      });

      it('lists those with records held for a person, which previews do not have', async () => {
        const counts = { ...noCounts, held: 1 };
        const preview = await queue({ mode: 'plan' });
        await ports.runs.update(third, { counts });
        await ports.runs.update(preview, { counts });
        await expect(list({ holding: true })).resolves.toEqual([third.id]);
      });

      it('lists more than nine in order', async () => {
        const more: string[] = [];
        for (let at = 0; at < 8; at += 1) more.push((await queue({ storeId: `more${at}` })).id);
        const known = [first, second, third, other].map(({ id }) => id);
        await expect(list({})).resolves.toEqual([...known, ...more].toReversed());
        await expect(list({ before: more[7] ?? '', limit: 2 })).resolves.toEqual(
          more.slice(5, 7).toReversed(),
        );
      });

      it('counts all by status', async () => {
        await expect(ports.runs.countByStatus()).resolves.toEqual({
          queued: 2,
          failed: 1,
          succeeded: 1,
        });
      });
    });
  });
}
