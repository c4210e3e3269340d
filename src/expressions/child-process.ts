import { type ChildProcess, fork } from 'node:child_process';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExpressionResult } from '../core/mapping/expression.ts';
import { type ChildMessage, type Page, type ParentMessage, unpack } from './messages.ts';

const heapMegabytes = 64;
const here = fileURLToPath(import.meta.url);
/** `.ts` in tests and `.js` in a build. */
const extension = extname(here);
const loader = extension === '.ts' ? ['--import', 'tsx'] : [];

/** Why a page was not evaluated to its end. */
export interface Ended {
  /** What `end` was called with; null when the process ended by itself. */
  readonly why: string | null;
}

interface Work {
  readonly onResult: (result: ExpressionResult) => void;
  left: number;
  readonly resolve: (ended: Ended | null) => void;
}

/** A process that evaluates some expressions, and can be ended at any time. */
export class ExpressionProcess {
  readonly texts: readonly string[];
  readonly #child: ChildProcess;
  #isReady = false;
  #why: string | null = null;
  #ended = false;
  #work: Work | null = null;

  constructor(texts: readonly string[], onEnded: () => void) {
    this.texts = texts;
    // Without an environment: it holds secrets.
    this.#child = fork(join(dirname(here), `child${extension}`), [String(process.pid)], {
      cwd: dirname(here),
      env: {},
      execArgv: [...loader, `--max-old-space-size=${heapMegabytes}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message: ChildMessage) => this.#receive(message));
    const ended = (): void => {
      if (this.#ended) return;
      this.#ended = true;
      onEnded();
      this.#settle({ why: this.#why });
    };
    this.#child.on('exit', ended);
    // It could not be started, killed or written to.
    this.#child.on('error', () => {
      this.#child.kill('SIGKILL');
      if (this.#child.pid === undefined) ended();
    });
    // An idle process must not keep this one.
    this.#child.unref();
    this.#child.channel?.unref();
    this.#send({ texts });
  }

  /** Whether it has ever been able to evaluate. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Evaluates a page, one result after the other. Null when it was evaluated to its end. */
  evaluate(page: Page, onResult: (result: ExpressionResult) => void): Promise<Ended | null> {
    return new Promise((resolve) => {
      this.#work = { onResult, left: page.todo.length, resolve };
      if (this.#ended) this.#settle({ why: this.#why });
      else this.#send(page);
    });
  }

  /** Ends the process, whatever it does. */
  end(why: string): void {
    this.#why ??= why;
    this.#child.kill('SIGKILL');
  }

  #send(message: ParentMessage): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #receive(message: ChildMessage): void {
    if (message === 'ready') {
      this.#isReady = true;
      return;
    }
    const work = this.#work;
    // What arrives after `end` belongs to no one.
    if (work === null || this.#why !== null) return;
    work.left -= 1;
    work.onResult(unpack(message));
    if (work.left === 0) this.#settle(null);
  }

  #settle(ended: Ended | null): void {
    const work = this.#work;
    this.#work = null;
    work?.resolve(ended);
  }
}
