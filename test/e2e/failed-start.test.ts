import { operate } from './processes.ts';

/** All lines of the log in what a process wrote. */
function loggedIn(stderr: string) {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

describe('a process that can not start', () => {
  it('logs a wrong setting as JSON, beside the text for people', async () => {
    const site = operate({ REDIS_URL: 'redis://127.0.0.1:1' });
    const { code, stderr } = await site.rollcall(['serve', 'worker']);
    expect(code).toBe(78);
    const [line, ...others] = loggedIn(stderr);
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      level: 'fatal',
      msg: 'The process could not start.',
      role: 'worker',
      version: '0.1.0',
      err: { type: 'ConfigError', message: expect.stringContaining('MONGODB_URI') },
    });
  });

  it('logs a service that is away, without its password', async () => {
    const site = operate({
      REDIS_URL: 'redis://:hunter2@127.0.0.1:1',
      MONGODB_URI: 'mongodb://ada:hunter2@127.0.0.1:1/?authSource=admin',
    });
    const { code, stderr } = await site.rollcall(['serve', 'api']);
    expect(code).toBe(69);
    expect(loggedIn(stderr)).toEqual([
      expect.objectContaining({
        level: 'fatal',
        role: 'api',
        err: expect.objectContaining({ type: 'Unavailable' }),
      }),
    ]);
    expect(stderr).not.toContain('hunter2');
  });

  it('logs nothing as JSON for other commands', async () => {
    const site = operate({});
    const { code, stderr } = await site.rollcall(['store', 'list']);
    expect(code).toBe(78);
    expect(loggedIn(stderr)).toEqual([]);
  });
});
