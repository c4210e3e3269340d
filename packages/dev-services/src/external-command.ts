import { type ExecFileException, execFile } from 'node:child_process';

/** How a program ended. */
export interface CommandResult {
  /** Undefined when the program isn't there, or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Never throws: the result says how it ended. */
export function runProgram(
  program: string,
  words: readonly string[],
  options: {
    readonly cwd?: string;
    readonly timeoutMs?: number;
  } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const answer = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      const code = error === null ? 0 : error.code;
      const exitCode = typeof code === 'number' ? code : undefined;
      resolve({ exitCode, stdout, stderr: stderr === '' ? (error?.message ?? '') : stderr });
    };
    execFile(
      program,
      [...words],
      {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        timeout: options.timeoutMs ?? 0,
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, LC_ALL: 'C' },
      },
      answer,
    );
  });
}

/** Runs a program that must succeed. Throws an Error with its output. */
export async function requireProgram(program: string, words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(program, words);
  if (exitCode === 0) return stdout;
  const said = stderr.trim() === '' ? stdout.trim() : stderr.trim();
  throw new Error(`${program} ${words[0] ?? ''} failed: ${said}`);
}
