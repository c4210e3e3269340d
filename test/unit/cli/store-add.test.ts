import { addressOf } from '../../../src/cli/directory-options.ts';
import { Cancelled, SourceError } from '../../../src/core/errors.ts';
import { jumpcloud } from '../../../src/directories/jumpcloud/index.ts';
import { fetchOrganizations } from '../../../src/manage/stores/check-credential.ts';
import { CliWorld } from '../../fakes/cli-world.ts';
import { MemoryDirectory } from '../../fakes/memory-directory.ts';

const add = ['store', 'add', 'acme', '--directory', 'jumpcloud'];
const addWithKey = [...add, '--api-key-stdin'];

describe('store add', () => {
  it('checks the key, stores it and the id of the organization', async () => {
    const world = new CliWorld();
    const outcome = await world.run([...addWithKey, '--json'], { input: 'jca_key\n' });
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toMatchObject({
      name: 'acme',
      directory: 'jumpcloud',
      via: 'api',
      region: 'us',
      orgId: 'org1',
      status: 'active',
      owner: 'cli:ada',
      schedule: null,
      nextRunAt: null,
      members: { active: 0, inactive: 0 },
      lastRun: null,
    });
    const [store] = await world.stores.list();
    expect(store?.sendOrgId).toBe(false);
    expect(world.stores.credentials.get(store?.id ?? '')).toEqual({
      type: 'api-key',
      apiKey: 'jca_key',
    });
    expect(world.reconciled).toBe(1);
    expect(world.opened).toBe(world.closed);
  });

  it('names the organization in requests only when --org-id named it', async () => {
    const world = new CliWorld();
    world.organizations = [
      { id: 'org1', name: 'Acme' },
      { id: 'org2', name: 'Other' },
    ];
    const { exitCode } = await world.run([...addWithKey, '--org-id', 'org2'], { input: 'k' });
    expect(exitCode).toBe(0);
    const [store] = await world.stores.list();
    expect(store).toMatchObject({ orgId: 'org2', sendOrgId: true });
  });

  it('signs in with a service account', async () => {
    const world = new CliWorld();
    const args = [...add, '--client-id', 'id1', '--client-secret-stdin'];
    expect((await world.run(args, { input: 'shh\r\n' })).exitCode).toBe(0);
    expect(world.connected[0]?.credential).toEqual({
      type: 'client-credentials',
      clientId: 'id1',
      clientSecret: 'shh',
    });
  });

  it('refuses a key that signs in but may not list users', async () => {
    const world = new CliWorld();
    world.directory.onPage = () => {
      throw new SourceError('auth', 'source-auth', 'JumpCloud refuses to list users (403).');
    };
    world.directory.set({ id: 'u1', email: 'u1@acme.test' });
    const { exitCode, stderr } = await world.run(addWithKey, { input: 'jca_key\n' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('refuses to list users (403)');
    expect(world.stores.all.size).toBe(0);
  });

  const refused: readonly {
    readonly what: string;
    readonly args?: readonly string[];
    readonly input?: string;
    readonly organizations?: CliWorld['organizations'];
    readonly says: readonly string[];
  }[] = [
    {
      what: 'a wrong key',
      organizations: new SourceError('auth', 'source-auth', 'JumpCloud refuses the key (401).'),
      says: ['JumpCloud refuses the key (401).', '--region'],
    },
    {
      what: 'an unreachable host',
      organizations: new SourceError('retriable', 'source-failed', 'connect ECONNREFUSED'),
      says: ['connect ECONNREFUSED', 'network'],
    },
    {
      what: 'an unknown organization',
      args: [...addWithKey, '--org-id', 'org9'],
      says: ['"org9"', 'org1 (Acme)'],
    },
    {
      what: 'several organizations',
      organizations: [
        { id: 'org1', name: 'Acme' },
        { id: 'org2', name: 'Other' },
      ],
      says: ['--org-id', 'org1 (Acme), org2 (Other)'],
    },
    { what: 'no organization', organizations: [], says: ['no organization'] },
    { what: 'an empty key', input: '\n', says: ['No API key'] },
    { what: 'a key of two lines', input: 'one\ntwo\n', says: ['line break'] },
    { what: 'no way to sign in', args: add, says: ['--api-key-stdin'] },
    {
      what: 'two ways to sign in',
      args: [...addWithKey, '--client-id', 'x', '--client-secret-stdin'],
      says: ['two ways'],
    },
    {
      what: 'a service account without its secret',
      args: [...add, '--client-id', 'x'],
      says: ['--client-secret-stdin'],
    },
    {
      what: 'a service account outside region us',
      args: [...add, '--region', 'eu', '--client-id', 'x', '--client-secret-stdin'],
      says: ['region eu'],
    },
    {
      what: 'a mistyped region',
      args: [...addWithKey, '--region', 'eue'],
      says: ['"eue"', 'Did you mean eu?', 'us, eu, in'],
    },
    {
      what: 'a mistyped directory',
      args: ['store', 'add', 'acme', '--directory', 'jumpclod', '--api-key-stdin'],
      says: ['Did you mean jumpcloud?'],
    },
    {
      what: 'a missing directory',
      args: ['store', 'add', 'acme', '--api-key-stdin'],
      says: ['--directory'],
    },
    {
      what: 'an empty name',
      args: ['store', 'add', '', '--directory', 'jumpcloud', '--api-key-stdin'],
      says: ['1 to 64'],
    },
    {
      what: 'a name that is too long',
      args: ['store', 'add', 'x'.repeat(65), '--directory', 'jumpcloud', '--api-key-stdin'],
      says: ['65 characters'],
    },
    {
      what: 'a control character in the name',
      args: ['store', 'add', 'a\u0007b', '--directory', 'jumpcloud', '--api-key-stdin'],
      says: ["a character that can't be seen"],
    },
  ];
  it.each(refused)('refuses $what and stores nothing', async (given) => {
    const world = new CliWorld();
    if (given.organizations !== undefined) world.organizations = given.organizations;
    const outcome = await world.run(given.args ?? addWithKey, { input: given.input ?? 'key' });
    expect(outcome.exitCode).toBe(2);
    for (const words of given.says) expect(outcome.stderr).toContain(words);
    expect(outcome.stdout).toBe('');
    expect(await world.stores.list()).toEqual([]);
  });

  describe('asks a directory that', () => {
    const refused = new SourceError('retriable', 'source-failed', 'refuses connections');
    const busy = new SourceError('rate-limited', 'source-failed', 'asks for a pause');
    /** A directory that answers after this many checks were given up. */
    const ask = async (lastProblem: SourceError | undefined, env = {}) => {
      const directory = new MemoryDirectory();
      let asked = 0;
      const organizations = fetchOrganizations({
        directory: 'jumpcloud',
        connection: { region: 'us' },
        credential: { type: 'api-key', apiKey: 'key' },
        address: addressOf({ env }, jumpcloud),
        patience: { failingMs: 1, slowMs: 2 },
        connectDirectory: ({ signal }) => {
          directory.organizations = async () => {
            asked += 1;
            if (asked === 2) return [{ id: 'org1', name: 'Acme' }];
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            throw new Cancelled('stopped', { cause: lastProblem });
          };
          return directory;
        },
      });
      return organizations.then(
        () => 'answered',
        (error: unknown) => error,
      );
    };

    it('is slow, again with a longer limit', async () => {
      expect(await ask(undefined)).toBe('answered');
      expect(await ask(busy)).toBe('answered');
    });

    it('fails, no more, and names what to correct', async () => {
      expect(await ask(refused)).toMatchObject({
        message: expect.stringContaining('refuses connections'),
        hint: expect.stringContaining('--region'),
      });
      const env = { JUMPCLOUD_CONSOLE_URL: 'http://localhost:1' };
      expect(await ask(refused, env)).toMatchObject({
        hint: 'Check the network and JUMPCLOUD_CONSOLE_URL (http://localhost:1), then try again.',
      });
    });
  });

  it('refuses a name in use', async () => {
    const world = new CliWorld();
    await world.run(addWithKey, { input: 'key' });
    const outcome = await world.run(addWithKey, { input: 'key' });
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('exists already');
  });

  it('accepts names of 64 characters of any script', async () => {
    const world = new CliWorld();
    const name = '𠮷'.repeat(64);
    const args = ['store', 'add', name, '--directory', 'jumpcloud', '--api-key-stdin'];
    expect((await world.run(args, { input: 'key' })).exitCode).toBe(0);
  });

  it.each([
    [['--api-key', 'SECRET']],
    [['--api-key=SECRET']],
    [['--apikey=SECRET']],
    [['--api-key-stdin=SECRET']],
    [['--client-secret=SECRET']],
    [['--api-kay=SECRET', '--api-key-stdin']],
    [['-kSECRET', '--api-key-stdin']],
    [['--api-key-stdin', 'SECRET']],
  ])('refuses a secret in %j and does not repeat it', async (args) => {
    const world = new CliWorld();
    const outcome = await world.run([...add, ...args, '--json'], { input: 'key' });
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stdout + outcome.stderr).not.toContain('SECRET');
    expect(await world.stores.list()).toEqual([]);
  });
});

describe('store add --via scim', () => {
  const push = [...add, '--via', 'scim'];

  it('asks no directory, and prints the sync endpoint and the SCIM token once', async () => {
    const world = new CliWorld();
    const outcome = await world.run([...push, '--json']);
    expect(outcome.exitCode).toBe(0);
    const [store] = await world.stores.list();
    expect(outcome.json()).toMatchObject({
      via: 'scim',
      orgId: '',
      syncEndpoint: `https://rollcall.test/scim/v2/${store?.id}`,
      scimToken: 'rcs_1',
    });
    expect(world.connected).toEqual([]);
    expect(world.scimTokens.issued).toEqual([{ storeId: store?.id, overlapMs: 0 }]);
    const shown = await world.run(['store', 'show', 'acme']);
    expect(shown.stdout).toContain(`https://rollcall.test/scim/v2/${store?.id}`);
    expect(shown.stdout).not.toContain('rcs_');
  });

  it('takes a key as well, for comparing pushed users', async () => {
    const world = new CliWorld();
    const outcome = await world.run([...push, '--api-key-stdin', '--json'], { input: 'jca_key' });
    expect(outcome.json()).toMatchObject({ via: 'scim', orgId: 'org1', scimToken: 'rcs_1' });
    const [store] = await world.stores.list();
    expect(world.stores.credentials.get(store?.id ?? '')).toMatchObject({ apiKey: 'jca_key' });
  });

  it('makes a new token when an administrator reauthorizes it, and makes them the owner', async () => {
    const world = new CliWorld();
    await world.run(push);
    const [store] = await world.stores.list();
    world.stores.all.set(store?.id ?? '', { ...store, owner: 'cli:bob' } as never);
    const outcome = await world.run(['store', 'reauthorize', 'acme', '--json']);
    expect(outcome.json()).toMatchObject({ owner: 'cli:ada', scimToken: 'rcs_2' });
    const later = await world.run(['store', 'reauthorize', 'acme', '--overlap', '24h']);
    expect(later.stdout).toContain('works for 24h more');
    expect(later.stdout).toContain('rcs_3');
    expect(world.scimTokens.issued.map(({ overlapMs }) => overlapMs)).toEqual([0, 0, 86_400_000]);
  });

  it('gives a store that was only pushed into a key, and leaves its token', async () => {
    const world = new CliWorld();
    await world.run(push);
    const outcome = await world.run(['store', 'reauthorize', 'acme', '--api-key-stdin'], {
      input: 'jca_key',
    });
    expect(outcome.exitCode).toBe(0);
    expect(world.scimTokens.issued).toHaveLength(1);
    const refused = await world.run(
      ['store', 'reauthorize', 'acme', '--api-key-stdin', '--overlap', '1h'],
      { input: 'jca_key' },
    );
    expect(refused.exitCode).toBe(2);
    expect((await world.run(['store', 'reauthorize', 'acme', '--overlap', '1x'])).exitCode).toBe(2);
    expect(world.scimTokens.issued).toHaveLength(1);
  });
});
