import { aMember, aStore } from '../../builders/models.ts';
import { CliWorld, Sink } from '../../fakes/cli-world.ts';

function worldOf(count: number): CliWorld {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  for (let index = 0; index < count; index += 1) {
    const externalId = `u${String(index).padStart(5, '0')}`;
    const firstName = index % 2 === 0 ? 'Ana' : 'Bea';
    const fields = { email: `${externalId}@acme.test`, firstName };
    const member = aMember({
      id: `store1.${externalId}`,
      externalId,
      fields,
      emailKey: fields.email,
    });
    world.members.all.set(member.id, member);
  }
  return world;
}

describe('members list with a search and a limit', () => {
  it('lists no more than the limit, and says how many there are', async () => {
    const world = worldOf(2468);
    const args = ['members', 'list', '--search', 'ana', '--limit', '20'];
    const { stdout, stderr } = await world.run(args);
    expect(stdout.trim().split('\n')).toHaveLength(21);
    expect(stdout).not.toContain('Bea');
    expect(stderr).toBe('20 of 1,234 members.\n');
    const json = await world.run([...args, '--json']);
    expect(json.json()).toHaveLength(20);
    expect(json.stderr).toBe('20 of 1,234 members.\n');
  });

  it.each([
    [2, '2 members.\n'],
    [3, '2 members.\n'],
  ])('says the whole number alone when a limit of %d leaves nobody out', async (limit, says) => {
    const { stderr } = await worldOf(2).run(['members', 'list', '--limit', String(limit)]);
    expect(stderr).toBe(says);
  });

  it.each([
    ['--limit', '0'],
    ['--limit', 'all'],
    ['--search', ''],
    ['--search', 'x'.repeat(257)],
  ])('refuses %s %j', async (option, value) => {
    const world = worldOf(1);
    expect((await world.run(['members', 'list', option, value])).exitCode).toBe(2);
    expect(world.opened).toBe(0);
  });
});

describe('members export', () => {
  function worldWithFormula(): CliWorld {
    const world = worldOf(3);
    const config = { ...aStore().config, mapping: { 'custom.team': { custom: 'team' } } } as const;
    world.stores.all.set('store1', aStore({ config }));
    const fields = { email: 'eve@acme.test', firstName: '=1+1' };
    const member = { id: 'store1.eve', externalId: 'eve', fields, custom: { team: 'A' } };
    world.members.all.set(member.id, aMember({ ...member, status: 'inactive' }));
    return world;
  }

  it('writes the file of the API, and is audited with what it leaves out', async () => {
    const world = worldWithFormula();
    const args = ['members', 'export', '--store', 'acme', '--status', 'inactive'];
    const { stdout, exitCode } = await world.run(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\uFEFFid,store,storeName,.*,custom\.team,managerEmail,/);
    const [, line = '', ...rest] = stdout.split('\r\n');
    expect(line).toContain("eve@acme.test,'=1+1,");
    expect(rest).toEqual(['']);
    const [entry] = await world.audit.list({});
    expect(entry).toMatchObject({
      action: 'members-exported',
      by: 'cli:ada',
      storeId: 'store1',
      outcome: 'done',
      changes: [{ path: 'status', from: null, to: 'inactive' }],
    });
  });

  it('is audited before a line is written', async () => {
    const world = worldWithFormula();
    world.audit.begin = async () => {
      throw new Error('the audit is away');
    };
    const outcome = await world.run(['members', 'export']);
    expect(outcome).toMatchObject({ exitCode: 70, stdout: '' });
  });

  it('gives scripts the members as JSON, audited too', async () => {
    const world = worldWithFormula();
    expect((await world.run(['members', 'export', '--json'])).json()).toHaveLength(4);
    expect(await world.audit.list({})).toHaveLength(1);
  });

  it('shows a terminal no character that controls it', async () => {
    const world = worldWithFormula();
    const fields = { email: 'esc@acme.test', firstName: 'a\u001b[2Jb' };
    world.members.all.set('esc', aMember({ id: 'esc', externalId: 'zz', fields }));
    const stdout = new Sink(80);
    await world.run(['members', 'export'], { stdout });
    expect(stdout.text).not.toContain('\u001b');
    expect(stdout.text).toContain('a [2Jb');
  });
});
