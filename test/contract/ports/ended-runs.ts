import type { SyncRecord } from '../../../src/core/model/record.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { aNewRun, aRecord } from '../../builders/models.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees for ended runs, wherever it stores them. */
export function describeEndedRuns(open: OpenPorts<'runs' | 'records'>): void {
  describe('the runs that ended', () => {
    let ports: Opened<'runs' | 'records'>;
    beforeEach(async () => {
      ports = await open();
    });

    const queue = async () => (await ports.runs.enqueue(aNewRun())).run;

    async function queueAndEnd(status: Run['status'] = 'succeeded'): Promise<Run> {
      const run = await queue();
      const ended = await ports.runs.update(run, { status, finishedAt: ports.clock.now() });
      if (ended === null) throw new Error('the run had ended');
      return ended;
    }

    describe('pruning runs', () => {
      const record = (run: Run, status: SyncRecord['status']) =>
        aRecord(1, { runId: run.id, status });
      const dayMs = 86_400_000;
      const before = new Date(startedAt.getTime() + dayMs);

      it('finds ended runs that are old, oldest first', async () => {
        const first = await queueAndEnd();
        const second = await queueAndEnd('failed');
        const preview = await queueAndEnd('planned');
        await queueAndEnd('held');
        const underWay = await queue();
        await ports.runs.update(underWay, { status: 'planned' });
        ports.clock.advance(dayMs);
        await queueAndEnd();
        await expect(ports.runs.prunable(before, 9)).resolves.toEqual([
          first.id,
          second.id,
          preview.id,
        ]);
        await expect(ports.runs.prunable(before, 2)).resolves.toEqual([first.id, second.id]);
        await expect(ports.runs.prunable(startedAt, 9)).resolves.toEqual([]);
      });

      it('never finds one with a held record, however many older ones there are', async () => {
        const waiting = [await queueAndEnd('failed'), await queueAndEnd('failed')];
        const free = await queueAndEnd();
        await ports.records.insertMany([
          ...waiting.map((run) => record(run, 'held')),
          record(free, 'applied'),
        ]);
        await expect(ports.runs.prunable(before, 1)).resolves.toEqual([free.id]);
      });

      it('removes runs with their records', async () => {
        const [gone, kept] = [await queueAndEnd(), await queueAndEnd()];
        await ports.records.insertMany([record(gone, 'applied'), record(kept, 'applied')]);
        await ports.runs.removeMany([gone.id]);
        await expect(ports.runs.get(gone.id)).resolves.toBeNull();
        const left = async ({ id }: Run) => ports.records.page({ runId: id, limit: 9 });
        await expect(left(gone)).resolves.toEqual([]);
        await expect(left(kept)).resolves.toHaveLength(1);
      });
    });

    describe('a decision on a run', () => {
      const decision = {
        verdict: 'approve',
        people: ['$u1'],
        rejected: [],
        by: '$root',
        at: startedAt,
      } as const;

      it('opens an ended run, keeps its earlier status, and clears the holder', async () => {
        const { id } = await queueAndEnd('held');
        const opened = await ports.runs.openDecision(id, decision);
        expect(opened).toMatchObject({
          status: 'applying',
          finishedAt: null,
          resumes: 0,
          holder: null,
          cancelRequested: false,
          decision: { ...decision, from: 'held', finishedAt: startedAt },
        });
        await expect(ports.runs.get(id)).resolves.toEqual(opened);
      });

      it('opens it once for two requests at the same time', async () => {
        const { id } = await queueAndEnd('held');
        const answers = await Promise.all([
          ports.runs.openDecision(id, decision),
          ports.runs.openDecision(id, { ...decision, by: 'somebody else' }),
        ]);
        expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
      });

      it('takes the run from its holder', async () => {
        const run = await queue();
        await ports.runs.update(run, { status: 'held', holder: 'first', finishedAt: startedAt });
        await ports.runs.openDecision(run.id, decision);
        const late = { id: run.id, holder: 'first' };
        await expect(ports.runs.update(late, { resumes: 1 })).resolves.toBeNull();
      });

      it('prevents amending the run until it has ended again', async () => {
        const { id } = await queueAndEnd('held');
        await ports.runs.openDecision(id, decision);
        expect(await ports.runs.amend(id, { status: 'succeeded' })).toBeNull();
        const ended = { status: 'succeeded', decision: null, finishedAt: startedAt } as const;
        const closed = await ports.runs.update({ id, holder: null }, ended);
        expect(closed).toMatchObject({ status: 'succeeded', decision: null });
        await expect(ports.runs.get(id)).resolves.toEqual(closed);
      });

      it('is refused for a run under way', async () => {
        const run = await queue();
        await expect(ports.runs.openDecision(run.id, decision)).resolves.toBeNull();
      });
    });

    describe('an ended run', () => {
      it('can be amended, and is listed by when it ended, with runs that are being applied', async () => {
        const run = await queueAndEnd('held');
        ports.clock.advance(60_000);
        const resolved = { status: 'succeeded', resolvedAt: ports.clock.now() } as const;
        await expect(ports.runs.amend(run.id, resolved)).resolves.toMatchObject(resolved);
        const ids = async (atWorkSince: Date) =>
          (await ports.runs.list({ storeId: 's1', atWorkSince })).map(({ id }) => id);
        await expect(ids(startedAt)).resolves.toEqual([run.id]);
        await expect(ids(ports.clock.now())).resolves.toEqual([]);
        const underWay = await ports.runs.insertUnderWay(aNewRun());
        await expect(ids(ports.clock.now())).resolves.toEqual([underWay.id]);
        await expect(ids(startedAt)).resolves.toEqual([underWay.id, run.id]);
      });

      it('is not pruned while a record of it is held, or blocks as rejected', async () => {
        const [held, rejected, done] = [
          await queueAndEnd(),
          await queueAndEnd(),
          await queueAndEnd(),
        ];
        await ports.records.insertMany([
          aRecord(1, { runId: held.id, status: 'held' }),
          aRecord(1, { runId: rejected.id, status: 'rejected', blocksInStore: 's1' }),
          aRecord(1, { runId: done.id, status: 'rejected' }),
        ]);
        const later = new Date(startedAt.getTime() + 1);
        await expect(ports.runs.prunable(later, 10)).resolves.toEqual([done.id]);
      });
    });
  });
}
