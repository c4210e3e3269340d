import { SourceError } from '../../../src/core/errors.ts';
import { defaultMapping } from '../../../src/directories/jumpcloud/default-mapping.ts';
import { aConfig, aMember, statusSync } from '../../builders/models.ts';
import { ada, bob, configure, salesOnly, sync, text, why, worldOf } from '../../fakes/why-world.ts';

describe('members why, for a member’s field', () => {
  it('shows the rule, the source’s value, the mapped and the stored one, and the last change', async () => {
    const world = worldOf({
      mapping: {
        ...defaultMapping,
        department: { attribute: 'department', transform: ['uppercase'] },
      },
    });
    await sync(world);
    world.directory.set({ ...ada, record: { ...ada.record, department: 'Ops' } });
    const run = await sync(world);
    await sync(world);
    expect(await why(world, 'ADA@x.test', 'department')).toMatchObject({
      email: 'ADA@x.test',
      imported: true,
      store: 'store1',
      storeName: 'acme',
      member: { externalId: 'u1' },
      source: { found: true, externalId: 'u1', state: 'ACTIVATED', scope: 'in-scope' },
      field: {
        field: 'department',
        rule: { attribute: 'department', transform: ['uppercase'] },
        source: 'Ops',
        mapped: 'OPS',
        stored: 'OPS',
        reason: { code: 'agrees' },
        lastChange: {
          run,
          at: '2026-02-01T01:00:00.000Z',
          from: 'SALES',
          to: 'OPS',
          action: 'update',
          reason: 'department differs from the source',
        },
        refusedChange: null,
      },
      fields: [],
      status: null,
      next: null,
    });
    const shown = await text(world, 'ada@x.test', 'department');
    expect(shown).toContain('Source and store agree.');
    expect(shown).toContain('{ attribute: department, transform: [uppercase] }');
    expect(shown).toMatch(/last change +SALES → OPS\n +update in run run2/);
  });

  it('finds the record that created a value, and a change that was not applied', async () => {
    const world = worldOf();
    const created = await sync(world);
    world.directory.set({ ...ada, record: { ...ada.record, department: 'Ops' } });
    world.members.updateMany = async (updates) => ({
      applied: [],
      failed: updates.map(({ recordId }) => ({ recordId, code: 'refused', error: 'a hiccup' })),
    });
    const failed = await sync(world);
    expect(await why(world, 'ada@x.test', 'department')).toMatchObject({
      field: {
        stored: 'Sales',
        reason: { code: 'will-change' },
        lastChange: { run: created, from: null, to: 'Sales', action: 'create' },
        refusedChange: { run: failed, to: 'Ops', status: 'failed', error: 'a hiccup' },
      },
      next: { action: 'update', reason: 'department differs from the source' },
    });
  });

  it('does not take a preview as a change', async () => {
    const world = worldOf();
    const created = await sync(world);
    world.directory.set({ ...ada, record: { ...ada.record, department: 'Ops' } });
    await sync(world, 'plan');
    const { field } = await why(world, 'ada@x.test', 'department');
    expect(field).toMatchObject({ lastChange: { run: created }, refusedChange: null });
  });

  it('explains a failing expression, on-create and a field without a rule', async () => {
    const world = worldOf();
    await sync(world);
    configure(world, {
      mapping: {
        email: { attribute: 'email' },
        firstName: { expression: '$number(firstname)' },
        department: { value: 'All', apply: 'on-create' },
      },
    });
    world.directory.set({ ...ada, record: { ...ada.record, lastname: 'L' } });
    const codeOf = async (field: string) =>
      ((await why(world, 'ada@x.test', field))['field'] as { reason: { code: string } }).reason
        .code;
    expect(await codeOf('firstName')).toBe('mapping-problem');
    expect(await codeOf('department')).toBe('on-create');
    expect(await codeOf('lastName')).toBe('not-mapped');
    expect(await codeOf('custom.shirtSize')).toBe('not-mapped');
  });

  it('explains the rest when the directory can’t be asked, and leaves the store as it is', async () => {
    const world = worldOf();
    await sync(world);
    world.organizations = new SourceError('auth', 'source-auth', 'the key is refused');
    expect(await why(world, 'ada@x.test', 'department')).toMatchObject({
      source: { found: null, error: 'the key is refused' },
      field: {
        rule: { attribute: 'department' },
        source: null,
        stored: 'Sales',
        reason: { code: 'source-unread' },
        lastChange: { to: 'Sales' },
      },
    });
    expect(world.stores.all.get('store1')?.status).toBe('active');
    world.organizations = [{ id: 'org2', name: 'Others' }];
    expect(await text(world, 'ada@x.test')).toContain('no longer reads organization org1');
  });

  it('foresees that another member’s address can’t be taken', async () => {
    const world = worldOf();
    await sync(world);
    world.directory.set({ ...ada, email: 'bob@x.test' });
    expect(await why(world, 'ada@x.test', 'email')).toMatchObject({
      field: { source: 'bob@x.test', stored: 'ada@x.test', reason: { code: 'conflict' } },
      next: { action: 'conflict' },
    });
  });
});

describe('members why, for a member', () => {
  it('explains the status and shows every field', async () => {
    const world = worldOf();
    const run = await sync(world);
    const answer = await why(world, 'ada@x.test');
    expect(answer).toMatchObject({
      reason: { code: 'imported' },
      field: null,
      status: {
        status: 'active',
        statusBy: 'sync',
        statusSync,
        reason: { code: 'active' },
        lastChange: { run, from: null, to: 'active' },
      },
    });
    const fields = answer['fields'] as { field: string; source: string; stored: string }[];
    expect(fields.map(({ field }) => field)).toEqual(Object.keys(defaultMapping));
    expect(fields.find(({ field }) => field === 'department')).toMatchObject({
      rule: { attribute: 'department' },
      source: 'Sales',
      stored: 'Sales',
    });
    const shown = await text(world, 'ada@x.test');
    expect(shown).toContain('ada@x.test is a member of acme: active.');
    expect(shown).toMatch(/department +Sales +Sales +\{ attribute: department \}/);
    expect(await text(world, 'ada@x.test', 'status')).not.toContain('attribute: department');
  });

  it('names the condition that took a member out of scope', async () => {
    const world = worldOf();
    await sync(world);
    configure(world, { criteria: salesOnly });
    expect(await why(world, 'bob@x.test', 'status')).toMatchObject({
      status: { status: 'active', reason: { code: 'active-though-out-of-scope' } },
      next: { action: 'deactivate' },
    });
    const run = await sync(world);
    const answer = await why(world, 'bob@x.test', 'status');
    expect(answer).toMatchObject({
      status: {
        status: 'inactive',
        inactiveCause: 'out-of-scope',
        reason: { code: 'out-of-scope' },
        lastChange: { run, from: 'active', to: 'inactive' },
      },
      criteria: { verdict: 'out', firstFailing: 1, wouldAdmit: [[1], [2]] },
      next: null,
    });
    expect(await text(world, 'bob@x.test', 'status')).toMatch(/→ +1 +no +IT/);
  });

  it('says whether a member was made inactive by hand, is suspended, or is gone', async () => {
    const world = worldOf();
    await sync(world);
    await world.run(['members', 'deactivate', 'ada@x.test']);
    expect(await why(world, 'ada@x.test', 'status')).toMatchObject({
      status: {
        reason: { code: 'by-hand' },
        lastChange: { by: 'cli:ada', reason: 'deactivated by hand' },
      },
    });
    world.directory.set({ ...bob, state: 'SUSPENDED' });
    expect(await why(world, 'bob@x.test')).toMatchObject({ next: { action: 'deactivate' } });
    await sync(world);
    expect(await why(world, 'bob@x.test')).toMatchObject({
      source: { state: 'SUSPENDED' },
      status: { reason: { code: 'suspended' } },
    });
    world.directory.people.delete('u2');
    await sync(world);
    expect(await why(world, 'bob@x.test', 'department')).toMatchObject({
      source: { found: false },
      field: { stored: 'IT', reason: { code: 'gone' } },
    });
    expect(await text(world, 'bob@x.test')).toMatch(/source now +not there/);
  });

  it('shows held changes, which no run plans again', async () => {
    const none = { percent: 0, floor: 0 };
    const { safeguards: usual } = aConfig();
    const safeguards = { ...usual, removals: none, emailChanges: none, blanks: none };
    const world = worldOf({ safeguards });
    await sync(world);
    world.directory.set({ ...ada, record: { firstname: 'Ada' } }, { ...bob, state: 'SUSPENDED' });
    const run = await sync(world);
    expect(await why(world, 'ada@x.test', 'department')).toMatchObject({
      field: {
        stored: 'Sales',
        reason: { code: 'held', message: expect.stringContaining(`rollcall runs approve ${run}`) },
        refusedChange: { run, from: 'Sales', to: null, status: 'held' },
      },
      next: null,
    });
    expect(await why(world, 'bob@x.test', 'status')).toMatchObject({
      standing: [{ run, status: 'held', action: 'deactivate' }],
      next: null,
    });
    expect(await text(world, 'bob@x.test', 'status')).toMatch(
      /held +Run run2 holds the change until[\s\S]*next run +leaves this member as it is/,
    );
    world.directory.set(bob);
    expect(await why(world, 'bob@x.test', 'status')).toMatchObject({ standing: [], next: null });
  });

  it('explains a member of no store, and finds the changes made by hand', async () => {
    const world = worldOf();
    const add = ['members', 'add', 'cy@x.test', '--first-name', 'Cy', '--last-name', 'Wu'];
    await world.run(add);
    expect(await why(world, 'cy@x.test', 'firstName')).toMatchObject({
      imported: true,
      store: null,
      reason: { code: 'by-hand' },
      source: null,
      field: { rule: null, stored: 'Cy', lastChange: { to: 'Cy', reason: 'added by hand' } },
    });
    world.directory.set({ id: 'u3', email: 'cy@x.test' });
    await sync(world);
    const adopted = await why(world, 'cy@x.test', 'lastName');
    expect(adopted).toMatchObject({
      store: 'store1',
      field: { lastChange: { from: 'Wu', to: null } },
    });
    const kept = { storeId: null, keptFrom: { directory: 'jumpcloud', orgId: 'org1' } };
    world.members.all.set('m9', aMember({ ...kept, id: 'm9', emailKey: 'kept@x.test' }));
    expect(await why(world, 'kept@x.test')).toMatchObject({ reason: { code: 'kept' } });
    expect(await text(world, 'kept@x.test')).toContain('kept from a removed store (jumpcloud');
  });

  it('names another user who lost the address', async () => {
    const world = worldOf();
    world.directory.set({ id: 'u8', email: 'Ada@x.test' });
    const run = await sync(world);
    expect(await why(world, 'ada@x.test')).toMatchObject({
      member: { externalId: 'u1' },
      conflicts: [{ run, externalId: 'u8', reason: expect.stringContaining('the lower id') }],
    });
    expect(await text(world, 'ada@x.test')).toContain('user u8 has this address too');
  });
});

describe('members why, with invalid input', () => {
  it.each([
    [['nonsense'], 'no @'],
    [['ada@x.test', 'departmnt'], 'Did you mean department?'],
    [['ada@x.test', 'custom.'], 'custom.NAME'],
    [['ada@x.test', '--store', 'acm'], 'Did you mean acme?'],
  ])('%j exits 2', async (args, words) => {
    const outcome = await worldOf().run(['members', 'why', ...args]);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain(words);
  });
});
