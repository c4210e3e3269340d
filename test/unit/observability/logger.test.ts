import { hostname } from 'node:os';
import { SourceError } from '../../../src/core/errors.ts';
import { version } from '../../../src/core/version.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { scrub } from '../../../src/observability/scrub.ts';

describe('the log', () => {
  function logged(fields: object, message = 'said'): string {
    const lines: string[] = [];
    createLogger({ level: 'info', to: { write: (line) => void lines.push(line) } }).info(
      fields,
      message,
    );
    return lines.join('');
  }

  it.each([
    'apiKey',
    'api_key',
    'x-api-key',
    'Authorization',
    'clientSecret',
    'password',
    'token',
    'cookie',
    'set-cookie',
  ])('contains no value of %s, at any depth', (key) => {
    const line = logged({
      [key]: 'hunter2',
      request: { headers: [{ [key]: 'hunter2' }] },
      kept: 'yes',
    });
    expect(line).not.toContain('hunter2');
    expect(JSON.parse(line)).toMatchObject({ kept: 'yes', level: 'info', msg: 'said' });
  });

  it('contains nothing that an error refers to', () => {
    const cause = Object.assign(new Error('connect mongodb://ada:hunter2@db failed'), {
      config: { headers: { 'x-api-key': 'hunter2' } },
      keyValue: { emailKey: 'ada@acme.test' },
      code: 11000,
    });
    const line = logged({
      err: new SourceError('auth', 'source-auth', 'refused for "ada@acme.test"', { cause }),
    });
    expect(line).not.toMatch(/hunter2|acme\.test/);
    expect(JSON.parse(line).err).toMatchObject({
      type: 'SourceError',
      code: 'source-auth',
      kind: 'auth',
      message: 'refused for "[address]"',
      cause: { type: 'Error', code: 11000, message: 'connect mongodb://[redacted]@db failed' },
    });
  });

  it('names the release and the host in every line', () => {
    expect(JSON.parse(logged({}))).toMatchObject({ version, host: hostname() });
  });

  it('does not follow a value without end', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(logged({ loop })).toContain('[too deep]');
  });

  it.each([
    ['dup key: { emailKey: "zoë.o\'brien@例え.jp" }', 'dup key: { emailKey: "[address]" }'],
    ['redis://:p%40ss@host:6379/1', 'redis://[redacted]@host:6379/1'],
    ['write to ada@acme.test. Or to bob@acme.test', 'write to [address] Or to [address]'],
    ['x=ada@acme.test;y=@acme.test', 'x=[address];y=@acme.test'],
    ['a@b @. a@.b', 'a@b @. a@.b'],
    ['nothing to hide', 'nothing to hide'],
  ])('scrubs %s', (text, expected) => {
    expect(scrub(text)).toBe(expected);
  });
});
