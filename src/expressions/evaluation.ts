import type { ExpressionResult } from '../core/mapping/expression.ts';
import type { SourceUser } from '../core/model/source-user.ts';
import type { ExpressionProcess } from './child-process.ts';
import type { Page, Todo } from './messages.ts';
import { type ProcessPool, stopping } from './process-pool.ts';

const tickMs = 100;
const longestStartMs = 30_000;
/** After so many users an expression is off. */
const mostStops = 20;
/** The characters of the users in one message. */
const mostInMessage = 4_000_000;

const tookTooMuch = 'the expression ended its process, most likely by taking too much memory';

/** The time that the evaluations of one run or request may take. */
export interface TimeLimits {
  /** For a single evaluation. JSONata itself gives up after half a second, but not within a function of its own. */
  readonly longestMs: number;
  /** For all together; it grows with the users. */
  readonly ms: number;
  readonly msPerUser: number;
}

/**
 * Evaluates expressions for one run or one request, page by page. When the process ends, the user at work has the
 * problem, and another process goes on with the next one.
 *
 * Time is counted in ticks of this process: one that was paused or busy must not take that time for the child's.
 */
export class Evaluation {
  readonly #pool: ProcessPool;
  readonly #texts: readonly string[];
  readonly #time: Spending;
  readonly #signal: AbortSignal | undefined;
  /** For how many users each expression was stopped or slow. */
  readonly #stops: number[];

  constructor(
    pool: ProcessPool,
    texts: readonly string[],
    { time, signal }: { readonly time: Spending; readonly signal: AbortSignal | undefined },
  ) {
    this.#pool = pool;
    this.#texts = texts;
    this.#time = time;
    this.#signal = signal;
    this.#stops = texts.map(() => 0);
  }

  async evaluate(users: readonly SourceUser[]): Promise<readonly (readonly ExpressionResult[])[]> {
    this.#time.allow(users.length);
    const all: ExpressionResult[][] = [];
    for (const texts of inMessages(users)) all.push(...(await this.#evaluatePage(texts)));
    return all;
  }

  async #evaluatePage(users: readonly string[]): Promise<readonly ExpressionResult[][]> {
    const results: ExpressionResult[][] = users.map(() => []);
    let todo: readonly Todo[] = users.flatMap((_, at) =>
      this.#texts.map((_text, index): Todo => [at, index]),
    );
    const place = ([at, index]: Todo, result: ExpressionResult): void => {
      const row = results[at];
      if (row !== undefined) row[index] = result;
    };
    for (;;) {
      todo = todo.filter((each) => {
        const off = this.#offResult(each[1]);
        if (off !== null) place(each, off);
        return off === null;
      });
      if (todo.length === 0) return results;
      const process = await this.#pool.take(this.#texts, this.#signal);
      todo = await this.#work(process, { users, todo }, place);
    }
  }

  /** Has a process evaluate, and returns what is left to do. */
  async #work(
    process: ExpressionProcess,
    page: Page,
    place: (each: Todo, result: ExpressionResult) => void,
  ): Promise<readonly Todo[]> {
    const { todo } = page;
    let done = 0;
    let startingMs = 0;
    let quietMs = 0;
    const abort = (): void => process.end('aborted');
    const watch = setInterval(() => {
      if (process.isReady) {
        quietMs += tickMs;
        this.#time.spend(tickMs);
        if (quietMs >= this.#time.longestMs) process.end('slow');
        else if (this.#time.isUp) process.end('time is up');
      } else {
        startingMs += tickMs;
        if (startingMs >= longestStartMs) process.end('not started');
      }
    }, tickMs);
    this.#signal?.addEventListener('abort', abort);
    const ended = await process.evaluate(page, (result) => {
      quietMs = 0;
      const each = todo[done];
      if (each === undefined) return;
      done += 1;
      place(each, result);
      if ('problem' in result && result.isSlow && this.#isStoppedTooOften(each[1])) {
        process.end('off');
      }
    });
    clearInterval(watch);
    this.#signal?.removeEventListener('abort', abort);
    if (ended === null) {
      this.#pool.giveBack(process);
      return [];
    }
    this.#signal?.throwIfAborted();
    if (ended.why === 'closed') throw stopping();
    if (!process.isReady) throw new Error('the process for expressions could not be started');
    const culprit = todo[done];
    if ((ended.why !== null && ended.why !== 'slow') || culprit === undefined)
      return todo.slice(done);
    this.#isStoppedTooOften(culprit[1]);
    place(culprit, { problem: ended.why === null ? tookTooMuch : this.#time.tookTooLong });
    return todo.slice(done + 1);
  }

  /** Counts a stop of an expression. */
  #isStoppedTooOften(index: number): boolean {
    const stops = (this.#stops[index] ?? 0) + 1;
    this.#stops[index] = stops;
    return stops >= mostStops;
  }

  #offResult(index: number): ExpressionResult | null {
    if ((this.#stops[index] ?? 0) >= mostStops) {
      const problem = `the expression took too much time or memory for ${mostStops} users and was given up for this run`;
      return { problem, isOff: true };
    }
    return this.#time.isUp ? { problem: this.#time.problem, isOff: true } : null;
  }
}

/** The time that the evaluations of one run or one request have taken. */
export class Spending {
  readonly longestMs: number;
  readonly #msPerUser: number;
  #allowedMs: number;
  #spentMs = 0;

  constructor({ longestMs, ms, msPerUser }: TimeLimits) {
    this.longestMs = longestMs;
    this.#allowedMs = ms;
    this.#msPerUser = msPerUser;
  }

  allow(users: number): void {
    this.#allowedMs += users * this.#msPerUser;
  }

  spend(ms: number): void {
    this.#spentMs += ms;
  }

  get isUp(): boolean {
    return this.#spentMs >= this.#allowedMs;
  }

  get tookTooLong(): string {
    return `the expression took longer than ${this.longestMs / 1000} seconds and was stopped`;
  }

  get problem(): string {
    return `the expressions took longer than ${Math.round(this.#allowedMs / 1000)} seconds in all and were given up`;
  }
}

/** Users as JSON texts, in messages of a limited size. A larger user is in a message of its own. */
function* inMessages(users: readonly SourceUser[]): Generator<readonly string[]> {
  let texts: string[] = [];
  let size = 0;
  for (const { record, custom } of users) {
    const text = JSON.stringify({ record, custom });
    if (texts.length > 0 && size + text.length > mostInMessage) {
      yield texts;
      texts = [];
      size = 0;
    }
    texts.push(text);
    size += text.length;
  }
  if (texts.length > 0) yield texts;
}
