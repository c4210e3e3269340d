import { Directory } from '../../../src/simulator/directory/directory.ts';
import { Refused } from '../../../src/simulator/refused.ts';

function directoryOf(users = 10): Directory {
  const organization = { id: 'a'.repeat(24), name: 'Acme' };
  return new Directory({ organization, seed: 1, users, groups: 3 });
}

function idAt(directory: Directory, index: number): string {
  return directory.ids[index] ?? '';
}

describe('a directory', () => {
  it('finds users by id and by e-mail, in any case of letters', () => {
    const directory = directoryOf();
    const user = directory.get(idAt(directory, 2));
    expect(directory.find(user._id)).toEqual(user);
    expect(directory.find(user.email.toUpperCase())).toEqual(user);
    expect(directory.find('nobody@acme.example')).toBeUndefined();
    expect(() => directory.get('nobody@acme.example')).toThrow(Refused);
  });

  it('adds active users, with the given values and generated ones', () => {
    const directory = directoryOf();
    const hired = directory.hireMany(50);
    expect(new Set(hired.map(({ state }) => state))).toEqual(new Set(['ACTIVATED']));
    const named = directory.hire({ firstname: 'Łucja', lastname: "O'Neil", jobTitle: undefined });
    expect(named).toMatchObject({ email: 'lucja.oneil@acme.example', displayname: "Łucja O'Neil" });
    expect(named).not.toHaveProperty('jobTitle');
    const namesake = directory.hire({ firstname: 'Łucja', lastname: "O'Neil" });
    expect(namesake.email).not.toBe(named.email);
    expect(directory.hire({ state: 'STAGED' })).toMatchObject({
      suspended: false,
      activated: false,
    });
    expect(directory.ids.at(-1)).toBe([...directory.ids].sort().at(-1));
  });

  it('refuses an e-mail or employee number that another user has', () => {
    const directory = directoryOf();
    const [one, other] = [directory.get(idAt(directory, 0)), directory.get(idAt(directory, 1))];
    const taken = { email: other.email.toUpperCase() };
    expect(() => directory.update(one._id, taken)).toThrow(Refused);
    expect(() => directory.hire(taken)).toThrow(Refused);
    const { employeeIdentifier } = other;
    expect(() => directory.update(one._id, { employeeIdentifier })).toThrow(Refused);
    expect(directory.get(one._id)).toEqual(one);
    expect(directory.size).toBe(10);
    expect(directory.update(one._id, { email: one.email.toUpperCase() }).email).toBe(
      one.email.toUpperCase(),
    );
  });

  it('frees an e-mail that its owner gives up or that belonged to a deleted user', () => {
    const directory = directoryOf();
    const [one, other] = [directory.get(idAt(directory, 0)), directory.get(idAt(directory, 1))];
    directory.update(one._id, { email: 'new@acme.example' });
    expect(directory.find(one.email)).toBeUndefined();
    directory.update(other._id, { email: one.email });
    directory.remove(other._id);
    expect(directory.hire({ email: one.email })._id).not.toBe(other._id);
  });

  it('swaps the e-mails of two users', () => {
    const directory = directoryOf();
    const [one, other] = [directory.get(idAt(directory, 0)), directory.get(idAt(directory, 1))];
    directory.swapEmails(one._id, other.email);
    expect(directory.find(one.email)?._id).toBe(other._id);
    expect(directory.find(other.email)?._id).toBe(one._id);
  });

  it('keeps state, suspended and activated in step, unless they are set apart', () => {
    const directory = directoryOf();
    const id = idAt(directory, 0);
    expect(directory.suspend(id)).toMatchObject({ state: 'SUSPENDED', suspended: true });
    expect(directory.update(id, { suspended: false })).toMatchObject({ state: 'ACTIVATED' });
    expect(directory.stage(id)).toMatchObject({ state: 'STAGED', activated: false });
    expect(directory.update(id, { state: 'ACTIVATED', suspended: true })).toMatchObject({
      state: 'ACTIVATED',
      suspended: true,
    });
  });

  it('removes a field, without a key left behind', () => {
    const directory = directoryOf();
    const id = idAt(directory, 0);
    expect(directory.update(id, { department: undefined })).not.toHaveProperty('department');
    expect(directory.get(id)).not.toHaveProperty('department');
  });

  it('removes deleted users from their groups', () => {
    const directory = directoryOf();
    const id = idAt(directory, 0);
    directory.groups.addMember('Sales', id);
    expect(directory.groups.groupsOf(id).map(({ name }) => name)).toContain('Sales');
    directory.remove(id);
    expect(directory.groups.membersOf('Sales')).not.toContain(id);
  });

  it('renames groups, and refuses unknown ones with a suggestion', () => {
    const { groups } = directoryOf();
    const { id } = groups.rename('Sales', 'Selling');
    expect(groups.find('Selling')?.id).toBe(id);
    expect(groups.find('Sales')).toBeUndefined();
    expect(() => groups.membersOf('Seling')).toThrow('Did you mean Selling?');
    expect(() => groups.create('Selling')).toThrow(Refused);
  });
});
