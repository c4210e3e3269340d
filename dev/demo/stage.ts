import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The user asked to stop. */
export class Interrupted extends Error {}

interface Background {
  readonly name: string;
  readonly logFile: string;
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

const linesOfLog = 15;

/** Runs what a demo needs: processes in the background, and commands one after the other. */
export class Stage {
  readonly #folder: string;
  readonly #signal: AbortSignal;
  readonly #backgrounds: Background[] = [];
  #env: NodeJS.ProcessEnv;
  /** Aborted when a process ended that should have kept running. */
  readonly #broken = new AbortController();
  #isClosing = false;

  constructor({
    folder,
    env,
    signal,
  }: {
    /** Where logs go. */
    readonly folder: string;
    readonly env: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
  }) {
    this.#folder = folder;
    this.#env = env;
    this.#signal = signal;
  }

  /** Adds settings to the processes and commands that follow. */
  setEnv(env: NodeJS.ProcessEnv): void {
    this.#env = { ...this.#env, ...env };
  }

  /** Starts a process whose output goes to a log, and to `onOutput` as well. */
  start(
    name: string,
    commandLine: string,
    onOutput: (text: string) => void = () => undefined,
  ): void {
    const logFile = join(this.#folder, `${name}.log`);
    const log = createWriteStream(logFile);
    const child = spawn('bash', ['-c', `exec ${commandLine}`], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => {
        log.end(resolve);
        if (!this.#isClosing) this.#broken.abort(new Error(`The ${name} process ended by itself.`));
      });
    });
    this.#backgrounds.push({ name, logFile, child, ended });
  }

  /** Waits until `isTrue`; fails when a process ends meanwhile or it takes too long. */
  async until(what: string, isTrue: () => boolean | Promise<boolean>, timeoutMs = 30_000) {
    const deadline = Date.now() + timeoutMs;
    while (!(await isTrue())) {
      this.#check();
      if (Date.now() > deadline) throw new Error(`${what} took longer than ${timeoutMs / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Waits until the user stops the demo, or a process ends by itself. */
  untilInterrupted(): Promise<void> {
    return this.until('Waiting', () => false, Number.POSITIVE_INFINITY);
  }

  /**
   * Runs one command and returns its standard output, which is shown too unless `show` says
   * otherwise. Fails when the command ends with another exit code than expected.
   */
  async run(
    commandLine: string,
    { input, show = (text) => process.stdout.write(text), exitCode = 0 }: RunOptions = {},
  ): Promise<string> {
    this.#check();
    const child = spawn('bash', ['-o', 'pipefail', '-c', commandLine], {
      env: this.#env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const stop = (): void => void child.kill('SIGTERM');
    const signal = AbortSignal.any([this.#signal, this.#broken.signal]);
    signal.addEventListener('abort', stop);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      show(chunk.toString());
    });
    // Not every command reads its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    signal.removeEventListener('abort', stop);
    this.#check();
    if (code !== exitCode) {
      throw new Error(`This command ended with exit ${code}: ${commandLine}`);
    }
    return output;
  }

  /** The last lines of each log. */
  logs(): string {
    return this.#backgrounds
      .map(({ name, logFile }) => {
        const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-linesOfLog);
        return `--- ${name}\n${lines.join('\n')}`;
      })
      .join('\n');
  }

  /** Stops the processes, the last one first. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { child, ended } of this.#backgrounds.toReversed()) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    }
  }

  #check(): void {
    if (this.#signal.aborted) throw new Interrupted();
    this.#broken.signal.throwIfAborted();
  }
}

interface RunOptions {
  readonly input?: string;
  readonly show?: (text: string) => void;
  /** The expected exit code; 0 without it. */
  readonly exitCode?: number;
}
