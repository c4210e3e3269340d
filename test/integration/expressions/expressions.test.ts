import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExpressionResult } from '../../../src/core/mapping/expression.ts';
import type { SourceUser } from '../../../src/core/model/source-user.ts';
import { type ClosableExpressions, createExpressions } from '../../../src/expressions/index.ts';
import { aSourceUser } from '../../builders/source-user.ts';
import { blocking, bombs, devouring, oddResults } from './bombs.ts';

const plenty = { longestMs: 600_000, ms: 600_000, msPerUser: 0 };

/** The processes that evaluate expressions for a process. */
function childrenOf(parent: number): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return lines.split('\n').flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number);
    const isChild = ppid === parent && line.includes('expressions/child');
    return isChild && pid !== undefined ? [pid] : [];
  });
}

async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(50);
}

function isRunning(pid: number): boolean {
  return execFileSync('ps', ['-A', '-o', 'pid='], { encoding: 'utf8' })
    .split('\n')
    .some((line) => Number(line) === pid);
}

const when = (bomb: string, otherwise = '"fine"') => `bomb ? ${bomb} : ${otherwise}`;
const good = aSourceUser({ name: 'Ada' });
const bad = aSourceUser({ name: 'Bob', bomb: true });

function problemOf(result: ExpressionResult | undefined): string | null {
  return result !== undefined && 'problem' in result ? result.problem : null;
}

let expressions: ClosableExpressions;

beforeEach(() => {
  expressions = createExpressions();
});
afterEach(async () => {
  expressions.close();
  await eventually(() => childrenOf(process.pid).length === 0);
});

describe('evaluating expressions', () => {
  it('answers this process while bombs go off, and gives every other result', async () => {
    const texts = Object.values(bombs).map((bomb) => when(bomb));
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 20);
    const evaluate = expressions.forRun()(texts);
    const [before, at, after] = await evaluate([good, bad, good]);
    clearInterval(timer);
    const fine = texts.map(() => ({ value: 'fine' }));
    expect([before, after]).toEqual([fine, fine]);
    const problems = Object.keys(bombs).map((name, index) => [name, problemOf(at?.[index])]);
    expect(problems).toEqual(Object.keys(bombs).map((name) => [name, expect.any(String)]));
    expect(problems.filter(([, problem]) => (problem?.length ?? 0) > 600)).toEqual([]);
    expect(Object.fromEntries(problems)).toMatchObject({
      blocking: 'the expression took longer than 2 seconds and was stopped',
      'tail recursion': expect.stringContaining('Evaluation timeout'),
      'a large text': 'the expression gives a text of more than 65536 characters',
    });
    // Two seconds of the first bomb alone are a hundred ticks.
    expect(ticks).toBeGreaterThan(50);
  });

  it('gives results that are no values in short, and keeps numbers, texts and nothing', async () => {
    const texts = ['1e308 * 10 > 1', 'name', 'absent', 'null', '[1, 2]', '{"a": name}', 'huge'];
    const [odd, plain] = await Promise.all([
      expressions.forRun()(Object.values(oddResults))([good]),
      expressions.forRun()(texts)([aSourceUser({ name: 'A\ud800', huge: 1e308 })]),
    ]);
    const kinds = odd[0]?.map((result) =>
      'value' in result && JSON.stringify(result.value).length <= 4096
        ? typeof result.value
        : result,
    );
    expect(kinds).toEqual(texts.map(() => 'object'));
    expect(plain[0]?.slice(1)).toEqual([
      { value: 'A\ud800' },
      { value: undefined },
      { value: undefined },
      { value: [1, 2] },
      { value: { a: 'A\ud800' } },
      { value: 1e308 },
    ]);
  });

  it('starts nothing without users, one process for many pages, and ends it when idle', async () => {
    expressions.close();
    expressions = createExpressions({ idleMs: 300 });
    const evaluate = expressions.forRun()(['$custom.size & name']);
    expect(await evaluate([])).toEqual([]);
    expect(childrenOf(process.pid)).toEqual([]);
    const pages = [];
    const seen = new Set<number>();
    for (let page = 0; page < 5; page += 1) {
      const user = aSourceUser({ name: String(page) }, { size: 'M' });
      pages.push((await evaluate([user]))[0]?.[0]);
      for (const pid of childrenOf(process.pid)) seen.add(pid);
    }
    expect(pages).toEqual([0, 1, 2, 3, 4].map((page) => ({ value: `M${page}` })));
    expect(seen.size).toBe(1);
    await eventually(() => childrenOf(process.pid).length === 0);
  });

  it('has a limited number of processes, however many evaluate at once', async () => {
    expressions.close();
    expressions = createExpressions({ mostProcesses: 2 });
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, childrenOf(process.pid).length);
    }, 100);
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, at) => expressions.forRequest()([`name & ${at}`])([good])),
    );
    clearInterval(timer);
    expect(answers.map(([row]) => row?.[0])).toEqual(
      answers.map((_, at) => ({ value: `Ada${at}` })),
    );
    expect(most).toBeLessThanOrEqual(2);
  });

  it('sends large users in several messages', async () => {
    const users = [1, 2, 3].map((at): SourceUser => aSourceUser({ at, text: 'x'.repeat(3e6) }));
    expect(await expressions.forRun()(['at + 1'])(users)).toEqual(
      [2, 3, 4].map((value) => [{ value }]),
    );
  });
});

describe('an expression that is stopped', () => {
  it('is given up after twenty users, and only then, while others go on', async () => {
    expressions.close();
    expressions = createExpressions({ run: { ...plenty, longestMs: 400 } });
    const evaluate = expressions.forRun()([when(blocking), 'name']);
    const users = Array.from({ length: 22 }, () => bad);
    const results = await evaluate([...users, good]);
    const kinds = results.map(([first]) =>
      first !== undefined && 'problem' in first ? (first.isOff ? 'off' : 'stopped') : 'value',
    );
    expect(kinds).toEqual([...Array(20).fill('stopped'), 'off', 'off', 'off']);
    expect(results.map(([, second]) => second)).toEqual(
      [...users, good].map(({ record }) => ({ value: record['name'] })),
    );
    // The next run tries it again.
    const next = await expressions.forRun()([when(blocking), 'name'])([good]);
    expect(next).toEqual([[{ value: 'fine' }, { value: 'Ada' }]]);
  });

  it('is given up when the time of the whole request is over', async () => {
    expressions.close();
    expressions = createExpressions({ request: { ...plenty, ms: 1_000 } });
    const [first, second, third] = await expressions.forRequest()([when(blocking)])([
      good,
      bad,
      good,
    ]);
    const off = 'the expressions took longer than 1 seconds in all and were given up';
    expect(first).toEqual([{ value: 'fine' }]);
    expect([second, third]).toEqual([
      [{ problem: off, isOff: true }],
      [{ problem: off, isOff: true }],
    ]);
  });

  it('has more time in all for more users', async () => {
    expressions.close();
    expressions = createExpressions({ run: { longestMs: 1_000, ms: 0, msPerUser: 500 } });
    const texts = [when(blocking)];
    const alone = await expressions.forRun()(texts)([bad]);
    const many = await expressions.forRun()(texts)([bad, ...Array(30).fill(good)]);
    expect(alone).toEqual([[expect.objectContaining({ isOff: true })]]);
    expect(many).toEqual([
      [{ problem: 'the expression took longer than 1 seconds and was stopped' }],
      ...Array(30).fill([{ value: 'fine' }]),
    ]);
  });

  it('ends at once with the run, for the reason of the run', async () => {
    const stop = new AbortController();
    expressions.close();
    expressions = createExpressions({ run: plenty });
    const evaluating = expressions.forRun(stop.signal)([blocking])([good]);
    await eventually(() => childrenOf(process.pid).length === 1);
    stop.abort(new Error('the worker stops'));
    await expect(evaluating).rejects.toThrow('the worker stops');
    await eventually(() => childrenOf(process.pid).length === 0);
  });
});

describe('closing', () => {
  it('ends what is evaluated, and refuses the rest', async () => {
    expressions.close();
    expressions = createExpressions({ run: plenty });
    const evaluating = expressions.forRun()([blocking])([good]);
    await eventually(() => childrenOf(process.pid).length === 1);
    expressions.close();
    await expect(evaluating).rejects.toThrow('while the process stops');
    await expect(expressions.forRequest()(['name'])([good])).rejects.toThrow(
      'while the process stops',
    );
  });
});

describe('the process that evaluates', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('ends with its parent after %s', async (signal) => {
    const program = `
      import { createExpressions } from './src/expressions/index.ts';
      const limits = { longestMs: 600000, ms: 600000, msPerUser: 0 };
      const evaluate = createExpressions({ run: limits }).forRun()([${JSON.stringify(when(blocking))}]);
      await evaluate([{ record: {}, custom: {} }]);
      console.log('begun');
      await evaluate([{ record: { bomb: true }, custom: {} }]);`;
    const parent = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(parent.stdout, 'data');
    const [child = 0] = childrenOf(parent.pid ?? 0);
    expect(isRunning(child)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    await eventually(() => !isRunning(child));
  });

  it('goes on when the whole group of processes is asked to stop', async () => {
    const evaluate = expressions.forRun()(['name']);
    await evaluate([good]);
    const [child = 0] = childrenOf(process.pid);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(child, signal);
    await wait(200);
    expect(await evaluate([bad])).toEqual([[{ value: 'Bob' }]]);
    expect(childrenOf(process.pid)).toEqual([child]);
  });

  it('is replaced when it was killed from outside while it was idle', async () => {
    const evaluate = expressions.forRun()(['name']);
    await evaluate([good]);
    const [child = 0] = childrenOf(process.pid);
    process.kill(child, 'SIGKILL');
    await eventually(() => !isRunning(child));
    expect(await evaluate([bad])).toEqual([[{ value: 'Bob' }]]);
  });

  it('takes memory of its own only', async () => {
    expressions.close();
    expressions = createExpressions({ run: plenty });
    expect(await expressions.forRun()([when(devouring)])([bad, good])).toEqual([
      [{ problem: expect.stringContaining('ended its process') }],
      [{ value: 'fine' }],
    ]);
  });
});
