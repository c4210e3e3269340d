import { readFile } from 'node:fs/promises';
import { CliWorld } from '../../fakes/cli-world.ts';

/** Every command, as a person types it, by what `--help` lists. */
async function commandsUnder(path: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await new CliWorld().run([...path, '--help']);
  const [, listed = ''] = stdout.split('\nCommands:\n');
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
  const under = names
    .filter((name) => name !== 'help')
    .map((name) => commandsUnder([...path, name]));
  return under.length === 0 ? [path.join(' ')] : (await Promise.all(under)).flat();
}

describe('docs/cli.md', () => {
  it('has every command', async () => {
    const text = await readFile('docs/cli.md', 'utf8');
    const commands = await commandsUnder([]);
    expect(commands).toEqual(expect.arrayContaining(['store add', 'sync', 'doctor']));
    const isDescribed = (command: string) => new RegExp(`\`${command}[ \`]`).test(text);
    expect(commands.filter((command) => !isDescribed(command))).toEqual([]);
  });
});
