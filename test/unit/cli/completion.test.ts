import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { fishCompletion } from '../../../src/cli/completion/fish.ts';
import { readCommands } from '../../../src/cli/completion/read-commands.ts';
import { zshCompletion } from '../../../src/cli/completion/zsh.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

async function scriptFor(shell: string): Promise<string> {
  const { stdout, exitCode } = await new CliWorld().run(['completion', shell]);
  expect(exitCode).toBe(0);
  return stdout;
}

/** What bash offers for the last of these words. */
function offered(script: string, ...words: readonly string[]): readonly string[] {
  const complete = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rollcall; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['-c', `${script}\n${complete}`, 'bash', 'rollcall', ...words];
  const text = execFileSync('bash', args, { encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  let script = '';
  beforeAll(async () => {
    script = await scriptFor('bash');
  });

  it.each([
    [['sto'], ['store']],
    [
      ['store', 're'],
      ['reauthorize', 'remove', 'resume'],
    ],
    [['store', 'add', 'acme', '--same'], ['--same-organization']],
    [
      ['members', 'list', '--status', ''],
      ['active', 'inactive'],
    ],
    [['members', 'list', '--store', 'acme', '--status', 'i'], ['inactive']],
    [['serve', 'w'], ['worker']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['store', 'apply', 'acme', '-'],
      ['--json', '-f', '--file', '--preview', '--help'],
    ],
    // The name of a store, and any text, are the person's own.
    [['store', 'show', ''], []],
    [['members', 'list', '--search', ''], []],
  ])('offers for %j: %j', (words, expected) => {
    expect(offered(script, ...words)).toEqual(expected);
  });

  it('is not misled by the name of a store that is also that of a command', () => {
    expect(offered(script, 'store', 'remove', 'list', '--m')).toEqual(['--members']);
  });
});

describe('completion in every shell', () => {
  it.each(['bash', 'zsh', 'fish'])('knows every command and option in %s', async (shell) => {
    const script = await scriptFor(shell);
    const words = ['attributes', 'export', 'rotate', 'simulator', 'undo', 'completion'];
    const options = ['same-organization', 'search', 'limit', 'overlap', 'rehearse', 'fault'];
    for (const word of [...words, ...options]) expect(script).toContain(word);
    expect(script).toContain("' members why'");
  });

  it('quotes what a shell would read', () => {
    const program = new Command('rollcall');
    program.command('do').description("a person's $(word)");
    const commands = readCommands(program);
    expect(zshCompletion(commands)).toContain(String.raw`'do:a person'\''s $(word)'`);
    expect(fishCompletion(commands)).toContain(String.raw`'a person\'s $(word)'`);
  });

  it('refuses a shell that it does not know', async () => {
    const outcome = await new CliWorld().run(['completion', 'fsh']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('It is one of: bash, zsh, fish.');
  });

  it('gives scripts the same', async () => {
    const outcome = await new CliWorld().run(['completion', 'fish', '--json']);
    expect(outcome.json()).toEqual({ shell: 'fish', script: await scriptFor('fish') });
  });
});
