import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** A running demo: where its console and its simulated directory are, and a token to sign in with. */
export interface Demo {
  readonly address: string;
  readonly token: string;
  readonly directoryUrl: string;
  stop(): Promise<void>;
}

/** Starts `bin/demo --serve`, and reads the rest from what it prints. */
export async function startDemo(): Promise<Demo> {
  const demo = spawn(resolve(root, 'bin/demo'), ['--serve'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => demo.once('close', () => done()));
  let said = '';
  await new Promise<void>((done, fail) => {
    demo.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C stops everything.')) done();
    });
    demo.once('close', () => fail(new Error(`The demo ended before it was ready:\n${said}`)));
  });
  const read = (pattern: RegExp): string => {
    const found = pattern.exec(said)?.[1];
    if (found === undefined) throw new Error(`The demo did not print ${pattern}:\n${said}`);
    return found;
  };
  return {
    address: read(/Console\s+(\S+)\/#token=/),
    token: read(/#token=(\S+)/),
    directoryUrl: read(/JUMPCLOUD_CONSOLE_URL='([^']+)'/),
    async stop() {
      demo.kill('SIGINT');
      await ended;
    },
  };
}
