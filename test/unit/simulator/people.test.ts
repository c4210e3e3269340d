import fc from 'fast-check';
import { Directory } from '../../../src/simulator/directory/directory.ts';

const organization = { id: 'a'.repeat(24), name: 'Northwind Traders' };

function directoryOf(users: number, seed = 1, groups = 10): Directory {
  return new Directory({ organization, seed, users, groups });
}

const seeds = fc.integer({ min: 0, max: 999_999_999 });
const changes = fc.array(fc.constantFrom('hire', 'remove', 'rename', 'insert'), { maxLength: 20 });

/** Changes a directory in several ways, so that the next user is added to a used one. */
function change(directory: Directory, steps: readonly string[]): void {
  for (const [at, step] of steps.entries()) {
    const who = directory.ids[(at * 7) % Math.max(1, directory.size)];
    if (step === 'hire') directory.hire();
    else if (who === undefined) continue;
    else if (step === 'remove') directory.remove(who);
    else if (step === 'insert') directory.insertBefore(who);
    else directory.update(who, { email: `someone.${at}@Northwind.example` });
  }
}

describe('generated users', () => {
  it('are the same for the same seed, later ones too', () => {
    fc.assert(
      fc.property(seeds, changes, (seed, steps) => {
        const [one, other] = [directoryOf(40, seed), directoryOf(40, seed)];
        change(one, steps);
        change(other, steps);
        expect(one.all()).toEqual(other.all());
        expect(one.groups.all()).toEqual(other.groups.all());
      }),
      { numRuns: 12 },
    );
  });

  it('differ for another seed', () => {
    expect(directoryOf(30, 1).ids).not.toEqual(directoryOf(30, 2).ids);
  });

  it('have unique ids, addresses and employee numbers', () => {
    fc.assert(
      fc.property(seeds, changes, (seed, steps) => {
        const directory = directoryOf(120, seed);
        change(directory, steps);
        const all = directory.all();
        const numbers = all.flatMap(({ employeeIdentifier = '' }) => employeeIdentifier || []);
        const emails = all.map(({ email }) => email.normalize('NFC').toLowerCase());
        for (const values of [all.map(({ _id }) => _id), emails, numbers]) {
          expect(new Set(values).size).toBe(values.length);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('have an address that follows the name', () => {
    const addressesOf = new Map<string, Set<string>>();
    for (const { firstname = '', lastname = '', email } of directoryOf(2_000).all()) {
      const name = `${firstname} ${lastname}`;
      const address = email.toLowerCase().replace(/^用户\.|\d*(\+jc)?@.*/g, '');
      addressesOf.set(name, (addressesOf.get(name) ?? new Set()).add(address));
    }
    addressesOf.delete(' ');
    expect([...addressesOf].filter(([, addresses]) => addresses.size > 1)).toEqual([]);
    expect(addressesOf.get("Siobhán O'Brien")).toEqual(new Set(['siobhan.obrien']));
  });

  it('get another address than one that was taken meanwhile', () => {
    const [one, other] = [directoryOf(10), directoryOf(10)];
    const { email } = one.hire();
    other.update(other.ids[0] ?? '', { email: email.toUpperCase() });
    expect(other.hire().email).not.toBe(email);
  });

  it('have ascending ids that contain their creation time, larger for later users', () => {
    const directory = directoryOf(200);
    const last = directory.ids.at(-1) ?? '';
    directory.remove(last);
    const hired = directory.hire();
    expect(hired._id > last).toBe(true);
    expect(directory.ids).toEqual([...directory.ids].sort());
    for (const { _id, created } of directory.all()) {
      expect(_id).toMatch(/^[0-9a-f]{24}$/);
      expect(Number.parseInt(_id.slice(0, 8), 16) * 1000).toBe(Date.parse(created));
    }
  });

  it('are as varied as real ones', () => {
    const all = directoryOf(1000).all();
    const names = all.map(({ displayname = '' }) => displayname).join(' ');
    for (const script of [
      'Latin',
      'Cyrillic',
      'Greek',
      'Arabic',
      'Hebrew',
      'Devanagari',
      'Tamil',
      'Thai',
      'Han',
      'Hiragana',
      'Hangul',
    ]) {
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    }
    const countOf = (fits: (user: (typeof all)[number]) => boolean) => all.filter(fits).length;
    expect(countOf(({ lastname }) => lastname === "O'Brien")).toBeGreaterThan(0);
    expect(countOf(({ lastname = '' }) => lastname.includes('-'))).toBeGreaterThan(0);
    expect(countOf(({ lastname }) => lastname === '')).toBeGreaterThan(0);
    expect(countOf(({ displayname = '' }) => displayname.length > 150)).toBeGreaterThan(0);
    expect(countOf((user) => !('department' in user))).toBeGreaterThan(0);
    expect(countOf(({ department }) => department === '')).toBeGreaterThan(0);
    expect(countOf(({ email }) => email !== email.toLowerCase())).toBeGreaterThan(0);
    expect(countOf(({ email }) => /[^\0-\x7f]/.test(email))).toBeGreaterThan(0);
    expect(
      countOf(({ displayname = '' }) => displayname !== displayname.normalize('NFC')),
    ).toBeGreaterThan(0);
    expect(countOf(({ state }) => state === 'STAGED')).toBe(40);
    expect(countOf(({ state, suspended }) => state === 'SUSPENDED' && suspended)).toBe(40);
    const active = ({ state }: (typeof all)[number]) => state === 'ACTIVATED';
    expect(countOf((user) => active(user) && user.account_locked)).toBeGreaterThan(5);
    expect(countOf((user) => active(user) && user.password_expired)).toBeGreaterThan(5);
    const types = new Set(all.flatMap(({ phoneNumbers }) => phoneNumbers.map(({ type }) => type)));
    expect(types).toEqual(new Set(['mobile', 'work', 'home', 'work_fax']));
    const custom = new Set(all.flatMap(({ attributes }) => attributes.map(({ name }) => name)));
    expect(custom).toEqual(
      new Set(['shirtSize', 'badgeNumber', 'startDate', 'deskNote', 'ShirtSize']),
    );
    for (const name of custom) expect(name).toMatch(/^[a-zA-Z0-9]{1,31}$/);
  });

  it('are managed by one of them', () => {
    const directory = directoryOf(100);
    const managed = directory.all().filter(({ manager = '' }) => manager !== '');
    expect(managed.length).toBeGreaterThan(80);
    for (const { _id, manager = '' } of managed) {
      expect(directory.find(manager)?._id).toBe(manager);
      expect(manager).not.toBe(_id);
    }
  });

  it('are in the group of their department, and some groups are empty', () => {
    const directory = directoryOf(300, 1, 20);
    const inSales = directory.all().filter(({ department }) => department === 'Sales');
    expect([...directory.groups.membersOf('Sales')].sort()).toEqual(inSales.map(({ _id }) => _id));
    expect(directory.groups.all()).toHaveLength(20);
    expect(directory.groups.membersOf('Board Observers')).toEqual([]);
  });
});
