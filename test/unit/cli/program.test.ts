import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeOf } from '../../../src/cli/exit.ts';
import * as errors from '../../../src/core/errors.ts';
import { aMember } from '../../builders/models.ts';
import { CliWorld, Sink } from '../../fakes/cli-world.ts';

describe('exit codes', () => {
  it.each([
    [new errors.RunFailure('listing-empty', 'x'), 1, 'listing-empty'],
    [new errors.SourceError('auth', 'source-auth', 'x'), 1, 'source-auth'],
    [new errors.Conflict('x'), 1, 'conflict'],
    [new errors.InvalidInput('x'), 2, 'invalid-input'],
    [new errors.NotFound('x'), 2, 'not-found'],
    [new errors.Cancelled('x'), 4, 'cancelled'],
    [new errors.Unavailable('x'), 69, 'unavailable'],
    [new errors.ConfigError('x'), 78, 'settings'],
    [new TypeError('x'), 70, 'bug'],
    ['x', 70, 'bug'],
  ])('%s', (error, exitCode, code) => {
    expect(outcomeOf(error)).toEqual({ exitCode, code });
  });
});

describe('the command line', () => {
  it('reports its error in words and as JSON', async () => {
    const world = new CliWorld();
    world.openError = new errors.ConfigError('MONGODB_URI is missing', { hint: 'Set it.' });
    const outcome = await world.run(['store', 'list', '--json']);
    expect(outcome.exitCode).toBe(78);
    expect(outcome.stderr).toBe('MONGODB_URI is missing\nSet it.\n');
    expect(outcome.json()).toEqual({
      error: { code: 'settings', message: 'MONGODB_URI is missing', hint: 'Set it.' },
    });
  });

  it('shows the stack of a bug only on request', async () => {
    const world = new CliWorld();
    world.openError = new TypeError('broken');
    const plain = await world.run(['store', 'list']);
    expect(plain.exitCode).toBe(70);
    expect(plain.stderr).not.toContain('.ts:');
    world.env = { LOG_LEVEL: 'debug' };
    expect((await world.run(['store', 'list'])).stderr).toContain('.ts:');
  });

  it.each([
    [['stroe', 'list'], 'Did you mean store?'],
    [['store', 'lst'], 'Did you mean list?'],
    [['sync', 'acme', '--wiat'], 'Did you mean --wait?'],
    [['sync'], "Missing required argument 'name'"],
    [['sync', 'a', 'b'], 'Too many arguments'],
    [['store'], 'Usage: rollcall store'],
    [[], 'Usage: rollcall'],
    [['serve', 'wroker'], 'Did you mean worker?'],
    [['simulator', '--users', '-3'], 'whole number'],
    [['simulator', '--fault', 'no-such-fault'], 'no-such-fault'],
    [['token', 'create', '--role', 'god', '--name', 'x'], 'owner, admin, viewer'],
  ])('%j exits 2', async (args, says) => {
    const world = new CliWorld();
    const outcome = await world.run([...args, '--json']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain(says);
    expect(outcome.json()).toMatchObject({ error: { code: 'invalid-input' } });
    expect(world.opened).toBe(0);
  });

  it.each([
    [['--help']],
    [['store', 'add', '--help']],
    [['help', 'sync']],
    [['runs', 'list', '-h']],
  ])('%j needs nothing and prints help', async (args) => {
    const world = new CliWorld();
    world.openError = new errors.ConfigError('nothing is set');
    const outcome = await world.run(args);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('Usage: rollcall');
    expect(outcome.stderr).toBe('');
  });

  it('lists the faults of the simulator by kind, each once', async () => {
    const { stdout } = await new CliWorld().run(['simulator', '--help']);
    const [, ...sections] = stdout.split(/^Faults where /m);
    const listed = sections.map((section) => [
      section.split('\n')[0],
      [...section.matchAll(/^ {2}([a-z0-9-]+)/gm)].map(([, name]) => name).join(' '),
    ]);
    expect(listed).toEqual([
      ['the credential is refused:', 'unauthorized unauthorized-midway login-redirect'],
      [
        'the source fails or is slow:',
        'forbidden forbidden-midway login-page maintenance-redirect unauthorized-once server-errors always-500 always-503 bad-gateway-html listing-500 filter-refused random-errors reset silent ' +
          'hang slow-drip truncated-json malformed-json rate-limited rate-limited-every rate-limited-first ' +
          'retry-after row-500 by-id-500 by-id-html-404 group-500 oversized-pages endless-listing tiny-json',
      ],
      [
        'answers look fine, but are untrue about who is there:',
        'empty-listing lying-total-high lying-total-low withhold-rows subset-listing cut-listing dropped-rows ' +
          'ignore-filter ignore-sort ignore-skip short-pages seam-withheld duplicate-row repeated-rows ' +
          'other-organization by-id-all-404 not-found-flaps filter-always-empty group-missing group-members-cut group-members-subset group-null-row',
      ],
      [
        'the data is true, but strange:',
        'null-rows absent-200-empty absent-200-null absent-404 absent-410 group-no-totals shift-left shift-right hire-midway swapped-emails staged-flip suspended-flip row-without-id ' +
          'bad-email-row duplicate-email-row unicode-twins wrong-types-row huge-row deep-row',
      ],
    ]);
  });

  it('prints its version, that of package.json', async () => {
    const { version } = JSON.parse(
      readFileSync(join(__dirname, '../../../package.json'), 'utf8'),
    ) as { version: string };
    const outcome = await new CliWorld().run(['--version']);
    expect(outcome).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('removes terminal control characters from quoted text', async () => {
    const world = new CliWorld();
    const { stderr } = await world.run(['a\u001b]0;b\u0007']);
    expect(stderr).toContain('a ]0;b ');
    expect(stderr.endsWith('\n')).toBe(true);
    world.organizations = [{ id: 'org1', name: 'A\u001b[2J\u009b\u2028B' }];
    const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];
    const { stdout } = await world.run(add, { input: 'key' });
    expect(stdout).toContain('organization A [2J B (org1)');
  });

  it('escapes them in JSON too, without changing the value', async () => {
    const world = new CliWorld();
    const email = 'a\u001b\u009b\u007f\u2028b@acme.test';
    world.members.all.set('store1.u1', aMember({ fields: { email } }));
    const outcome = await world.run(['members', 'list', '--json']);
    expect(outcome.json()).toMatchObject([{ fields: { email } }]);
    for (const character of email.slice(1, 5)) expect(outcome.stdout).not.toContain(character);
  });

  it('disconnects when a command fails', async () => {
    const world = new CliWorld();
    await world.run(['sync', 'nobody']);
    expect([world.opened, world.closed]).toEqual([1, 1]);
  });

  it('serves the role it is given', async () => {
    const world = new CliWorld();
    expect((await world.run(['serve', 'worker'])).exitCode).toBe(0);
    expect(world.served).toEqual(['worker']);
  });

  it('runs a simulator until it is stopped', async () => {
    const world = new CliWorld();
    const stdout = new Sink();
    const going = world.run(['simulator', '--users', '3', '--json'], { stdout });
    while (stdout.text === '') await new Promise(setImmediate);
    const { url, apiKey, orgId } = JSON.parse(stdout.text) as Record<string, string>;
    const answer = await fetch(`${url}/api/organizations`, {
      headers: { 'x-api-key': `${apiKey}` },
    });
    expect(await answer.text()).toContain(`${orgId}`);
    world.signals.emit('SIGTERM');
    expect((await going).exitCode).toBe(0);
    await expect(fetch(`${url}/api/organizations`)).rejects.toThrow('fetch failed');
  });

  it('prints an address of the simulator that clients can use', async () => {
    const world = new CliWorld();
    const stdout = new Sink();
    const going = world.run(['simulator', '--host', '0.0.0.0', '--users', '1'], { stdout });
    while (stdout.text === '') await new Promise(setImmediate);
    world.signals.emit('SIGTERM');
    await going;
    expect(stdout.text).toMatch(/JUMPCLOUD_CONSOLE_URL=http:\/\/127\.0\.0\.1:\d+ /);
    expect(stdout.text).not.toContain('0.0.0.0:');
  });
});

describe('token', () => {
  it('prints the secret once', async () => {
    const world = new CliWorld();
    const made = await world.run(['token', 'create', '--role', 'viewer', '--name', 'wall']);
    expect(made.stdout).toBe('rc_once1\n');
    const listed = await world.run(['token', 'list', '--json']);
    expect(listed.json()).toMatchObject([{ id: 'token1', name: 'wall', role: 'viewer' }]);
    expect(listed.stdout).not.toContain('rc_once');
    expect((await world.run(['token', 'revoke', 'token1'])).exitCode).toBe(0);
    expect((await world.run(['token', 'revoke', 'token1'])).exitCode).toBe(2);
  });
});
