import { PassThrough } from 'node:stream';
import { readSecret } from '../../../src/cli/terminal/secrets.ts';
import { Cancelled } from '../../../src/core/errors.ts';
import { Sink } from '../../fakes/cli-world.ts';

function terminal() {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(mode: boolean) {
      modes.push(mode);
      return this;
    },
  });
  return { stdin: stdin as unknown as NodeJS.ReadStream, keys: stdin, modes };
}

describe('a secret typed at a terminal', () => {
  it('is not echoed, and can be corrected', async () => {
    const { stdin, keys, modes } = terminal();
    const stderr = new Sink();
    const reading = readSecret({ stdin, stderr, label: 'API key' });
    keys.write('jca_x');
    keys.write('\u007f1\r');
    expect(await reading).toBe('jca_1');
    expect(stderr.text).toBe('API key (not shown): \n');
    expect(modes).toEqual([true, false]);
  });

  it('can be cancelled with Ctrl-C', async () => {
    const { stdin, keys, modes } = terminal();
    const reading = readSecret({ stdin, stderr: new Sink(), label: 'API key' });
    keys.write('jc\u0003');
    await expect(reading).rejects.toThrow(Cancelled);
    expect(modes).toEqual([true, false]);
  });
});

describe('a secret piped in', () => {
  const read = (text: string) => {
    const stdin = new PassThrough();
    stdin.end(text);
    return readSecret({
      stdin: stdin as unknown as NodeJS.ReadStream,
      stderr: new Sink(),
      label: 'API key',
    });
  };

  it.each(['jca_1\n', 'jca_1\r\n', 'jca_1  \n', '\ufeffjca_1\r\n', ' \tjca_1\u00a0', 'jca_1\n\n'])(
    'is the text without the blanks and the byte order mark around it: %j',
    async (text) => {
      await expect(read(text)).resolves.toBe('jca_1');
    },
  );

  it.each(['jca_1\njca_2', 'x-api-key: jca_1', 'j\0c\0a\0', 'schl\u00fcssel'])(
    'is refused: %j',
    async (text) => {
      await expect(read(text)).rejects.toThrow('a space, a line break or another character');
    },
  );
});
