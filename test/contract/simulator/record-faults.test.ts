import { askJson, askUsers, simulatorsPerTest } from './asking.ts';

const start = simulatorsPerTest();

describe('faults of one user’s record', () => {
  it('row-without-id: a row has no _id, the record by id has one', async () => {
    const simulator = await start({ faults: ['row-without-id=5'] });
    const { results } = await askUsers(simulator);
    expect(results.map((row) => '_id' in row).indexOf(false)).toBe(5);
    const victim = await askJson(simulator, `/api/systemusers/${simulator.people.ids[5]}`);
    expect(victim).toHaveProperty('_id');
  });

  it.each([
    ['bad-email-row', { email: 'not an address' }],
    ['wrong-types-row', { department: 42, suspended: 'false', email: ['a', 'b'] }],
  ])('%s: one record is wrong, in the listing and by id', async (fault, wrong) => {
    const simulator = await start({ faults: [fault] });
    const { results } = await askUsers(simulator);
    expect(results[3]).toMatchObject(wrong);
    expect(results.filter(({ email }) => String(email).includes('@'))).toHaveLength(49);
    const victim = await askJson(simulator, `/api/systemusers/${simulator.people.ids[3]}`);
    expect(victim).toMatchObject(wrong);
  });

  it('duplicate-email-row: two users have one address, in another case of letters', async () => {
    const simulator = await start({ faults: ['duplicate-email-row'] });
    const { results } = await askUsers(simulator);
    expect(results[3]?.email.toLowerCase()).toBe(results[0]?.email.toLowerCase());
    expect(results[3]?.email).not.toBe(results[0]?.email);
  });

  it('unicode-twins: two addresses are equal when composed and folded, and differ as they are', async () => {
    const simulator = await start({ faults: ['unicode-twins'] });
    const { results } = await askUsers(simulator);
    const [first = '', twin = ''] = [results[0]?.email, results[3]?.email];
    expect(twin.normalize('NFC').toLowerCase()).toBe(first.toLowerCase());
    expect(first).toMatch(/\u00e9/);
    expect(first).toBe(first.normalize('NFC'));
    expect(twin).toBe(twin.normalize('NFD'));
    expect(twin.toLowerCase()).not.toBe(first.toLowerCase());
    expect(twin.normalize('NFC')).not.toBe(first);
    const byId = [0, 3].map((place) => `/api/systemusers/${simulator.people.ids[place]}`);
    expect(await askJson(simulator, byId[0] ?? '')).toMatchObject({ email: first });
    expect(await askJson(simulator, byId[1] ?? '')).toMatchObject({ email: twin });
  });

  it('huge-row: one field has the given size in kilobytes, in the listing and by id', async () => {
    const simulator = await start({ faults: ['huge-row=64'] });
    const { results } = await askUsers(simulator);
    const lengths = results.map(({ jobTitle = '' }) => jobTitle.length);
    expect(lengths.map((length) => length === 64 * 1024).indexOf(true)).toBe(3);
    expect(lengths.filter((length) => length > 1024)).toHaveLength(1);
    const victim = await askJson(simulator, `/api/systemusers/${simulator.people.ids[3]}`);
    expect(victim).toEqual(results[3]);
  });
});
