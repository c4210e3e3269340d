import { EventEmitter } from 'node:events';
import { shutDown, untilStopSignal } from '../../../src/app/shutdown.ts';

describe('stopping', () => {
  const log = { info: () => undefined, error: () => undefined };

  it('goes in order, and continues after a failed step', async () => {
    const done: string[] = [];
    const step = (name: string, run = async () => void done.push(name)) => ({ name, run });
    const clean = await shutDown(
      [step('a'), step('b', async () => Promise.reject(new Error('no'))), step('c')],
      { log },
    );
    expect(done).toEqual(['a', 'c']);
    expect(clean).toBe(false);
  });

  it('gives up at the deadline', async () => {
    const stuck = { name: 'stuck', run: () => new Promise(() => undefined) };
    expect(await shutDown([stuck], { log, timeoutMs: 5 })).toBe(false);
  });

  it('reports success', async () => {
    expect(await shutDown([{ name: 'a', run: async () => undefined }], { log })).toBe(true);
  });

  it.each([
    ['SIGTERM', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
    ['SIGHUP', 'SIGTERM', 143],
    ['SIGTERM', 'SIGHUP', 129],
  ] as const)('begins at %s and ends at once at a second signal', async (first, second, code) => {
    const exits: number[] = [];
    const source = Object.assign(new EventEmitter(), {
      exit: (exit: number) => void exits.push(exit),
    });
    const stopped = untilStopSignal(source);
    source.emit(first);
    expect(await stopped).toBe(first);
    expect(exits).toEqual([]);
    source.emit(second);
    expect(exits).toEqual([code]);
  });
});
