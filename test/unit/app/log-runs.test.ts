import { logRunEnd, logRuns } from '../../../src/app/log-runs.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

describe('the log of a worker', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', to: { write: (line) => void lines.push(line) } });
  let world: MemoryWorld;
  beforeEach(() => {
    lines.length = 0;
    world = new MemoryWorld();
    world.directory.set({ id: 'u1', email: 'ada@acme.test' });
  });

  /** Carries out a run, and returns what was logged. */
  async function logged(signal = new AbortController().signal) {
    const { id } = await world.enqueue();
    const execute = logRuns((runId, worker) => executeRun(world.ports, runId, worker), log);
    const worker = { holder: 'worker1', signal, onProgress: () => undefined };
    const outcome = await execute(id, worker);
    if (outcome.outcome === 'ended') logRunEnd(outcome.run, log);
    return { id, lines: lines.map((line) => JSON.parse(line)) };
  }

  it('tells the story of a run', async () => {
    await world.sync();
    world.directory.set({ id: 'u1', email: 'ada@acme.test', record: { firstname: 'Ada' } });
    const { id, lines } = await logged();
    expect(lines.map(({ msg, phase }) => [msg, phase])).toEqual([
      ['A run started.', undefined],
      ['A phase of a run ended.', 'listing'],
      ['A phase of a run ended.', 'planning'],
      ['A phase of a run ended.', 'applying'],
      ['A run ended.', undefined],
    ]);
    for (const line of lines) expect(line).toMatchObject({ runId: id, storeId: 'store1' });
    expect(lines[0]).toMatchObject({ mode: 'full', trigger: 'manual', resumes: 0 });
    expect(lines[1]).toMatchObject({ counts: { listed: 1 }, ms: expect.any(Number) });
    expect(lines[2]).toMatchObject({ counts: { update: 1 } });
    expect(lines[4]).toMatchObject({
      status: 'succeeded',
      counts: { update: 1, applied: 1 },
      ms: expect.any(Number),
    });
  });

  it('tells why a run failed, and names nobody', async () => {
    world.connect = () => {
      throw new SourceError('fatal', 'source-failed', 'no answer for ada@acme.test');
    };
    const { id, lines } = await logged();
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      msg: 'A run failed.',
      runId: id,
      storeId: 'store1',
      status: 'failed',
      errorCode: 'source-failed',
    });
    expect(JSON.stringify(lines)).not.toContain('acme.test');
  });

  it('tells that a run was handed back', async () => {
    const { id, lines } = await logged(AbortSignal.abort());
    expect(lines.at(-1)).toMatchObject({
      msg: 'A run was handed back: this process stops, and another worker goes on.',
      runId: id,
      storeId: 'store1',
    });
  });
});
