import { setTimeout as wait } from 'node:timers/promises';
import { Cancelled } from '../core/errors.ts';
import { ExpressionProcess } from './child-process.ts';

const lookAgainMs = 50;

export function stopping(): Cancelled {
  return new Cancelled('No expression is evaluated while the process stops.', {
    hint: 'Ask again: another process answers.',
  });
}

export interface PoolLimits {
  readonly mostProcesses: number;
  /** How long a process without work is kept. */
  readonly idleMs: number;
}

/** The processes that evaluate expressions. One is used again only for the same expressions: it may remember them. */
export class ProcessPool {
  readonly #all = new Set<ExpressionProcess>();
  readonly #idle = new Map<ExpressionProcess, NodeJS.Timeout>();
  readonly #limits: PoolLimits;
  #isClosed = false;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  /** An idle process, or a new one; waits while too many are at work. */
  async take(texts: readonly string[], signal?: AbortSignal): Promise<ExpressionProcess> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#isClosed) throw stopping();
      const found = this.#takeIdle(texts);
      if (found !== null) return found;
      if (this.#all.size < this.#limits.mostProcesses) return this.#start(texts);
      this.#endOldestIdle();
      await wait(lookAgainMs);
    }
  }

  giveBack(process: ExpressionProcess): void {
    if (this.#isClosed || !this.#all.has(process)) {
      process.end('closed');
      return;
    }
    this.#idle.set(process, setTimeout(() => this.#endIdle(process), this.#limits.idleMs).unref());
  }

  close(): void {
    this.#isClosed = true;
    for (const process of this.#all) process.end('closed');
  }

  #start(texts: readonly string[]): ExpressionProcess {
    const started = new ExpressionProcess(texts, () => {
      this.#all.delete(started);
      this.#forgetIdle(started);
    });
    this.#all.add(started);
    return started;
  }

  #takeIdle(texts: readonly string[]): ExpressionProcess | null {
    for (const process of this.#idle.keys()) {
      const isSame =
        process.texts.length === texts.length &&
        process.texts.every((text, at) => text === texts[at]);
      if (!isSame) continue;
      this.#forgetIdle(process);
      return process;
    }
    return null;
  }

  #endOldestIdle(): void {
    const [oldest] = this.#idle.keys();
    if (oldest !== undefined) this.#endIdle(oldest);
  }

  #endIdle(process: ExpressionProcess): void {
    this.#forgetIdle(process);
    process.end('idle');
  }

  #forgetIdle(process: ExpressionProcess): void {
    clearTimeout(this.#idle.get(process));
    this.#idle.delete(process);
  }
}
