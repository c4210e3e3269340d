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
