import { SourceError } from '../../../src/core/errors.ts';
import { createConnectPushed } from '../../../src/directories/index.ts';
import type { SourceDirectory } from '../../../src/ports/directory.ts';
import { openTestDatabase, type TestDatabase } from '../../integration/store/test-database.ts';

/*
 * What every directory guarantees, as far as it applies here: there is no network, no credential,
 * and nothing that could be withheld.
 */

describe('the pushed users, as a directory', () => {
  let database: TestDatabase;
  const open = (id: string) => createConnectPushed(database.scim)({ id, directory: 'jumpcloud' });
  let directory: SourceDirectory;
  const ids: string[] = [];
  beforeAll(async () => {
    database = await openTestDatabase();
    directory = open('store1');
    for (let at = 0; at < 1203; at += 1) {
      const user = await database.scim.users.insert({
        storeId: 'store1',
        resource: {
          userName: `user${at}`,
          active: at % 2 === 0,
          emails: [{ value: `User${at}@acme.test` }],
        },
      });
      if (user !== 'taken') ids.push(user.id);
    }
    await database.scim.users.insert({ storeId: 'store2', resource: { userName: 'other' } });
  });
  afterAll(() => database.drop());

  it('lists all users in order, each once, and no user of another store', async () => {
    const walked: string[] = [];
    const pages = directory.walkUsers();
    let next = await pages.next();
    for (; !next.done; next = await pages.next()) {
      walked.push(...next.value.users.map(({ externalId }) => externalId));
    }
    expect(next.value).toMatchObject({ broken: null, totalBefore: ids.length });
    expect(walked).toEqual(ids.toSorted());
    const empty = open('store3').walkUsers();
    expect(await empty.next()).toMatchObject({ done: true, value: { broken: null } });
  });

  it('gives the same user by id as in the listing', async () => {
    const first = await directory.walkUsers().next();
    const [listed] = first.done ? [] : first.value.users;
    await expect(directory.getUser(listed?.externalId ?? '')).resolves.toEqual({
      found: true,
      user: listed,
    });
  });

  it('says that a user does not exist only if the source said so', async () => {
    const id = ids.pop() ?? '';
    await database.scim.users.remove({ storeId: 'store1', id, version: null });
    await expect(directory.getUser(id)).resolves.toEqual({ found: false });
    const unknown = directory.getUser('0123456789abcdef01234567');
    await expect(unknown).rejects.toThrow(SourceError);
    await expect(unknown).rejects.toMatchObject({ code: 'user-failed' });
  });

  it('finds a user by e-mail, in any case of letters', async () => {
    const found = await directory.findByEmail('uSER7@ACME.test');
    expect(found.map(({ externalId }) => externalId)).toEqual([ids[7]]);
    await expect(directory.findByEmail('nobody@acme.test')).resolves.toEqual([]);
  });

  it('finds a user by e-mail, in either spelling of an international domain', async () => {
    const twin = async (userName: string, value: string) => {
      const resource = { userName, active: true, emails: [{ value }] };
      const user = await database.scim.users.insert({ storeId: 'store4', resource });
      return user === 'taken' ? '' : user.id;
    };
    const spelled = [
      await twin('one', 'ada@München.example'),
      await twin('two', 'ada@xn--mnchen-3ya.example'),
    ].toSorted();
    await twin('three', 'ada@munchen.example');
    for (const address of ['ada@münchen.example', 'Ada@XN--MNCHEN-3YA.example']) {
      const found = await open('store4').findByEmail(address);
      expect(found.map(({ externalId }) => externalId)).toEqual(spelled);
    }
  });

  it('finds groups by name and id, lists their members, and says which group is missing', async () => {
    const group = await database.scim.groups.insert({
      storeId: 'store1',
      resource: { displayName: 'Engineers' },
    });
    if (group === 'taken') throw new Error('there is such a group');
    await database.scim.groups.join(group, ids.slice(0, 50));
    const resolved = await directory.resolveGroups(['Engineers', group.id]);
    expect([...resolved.values()]).toEqual([group.id, group.id]);
    const found: string[] = [];
    for await (const page of directory.walkGroupMembers(group.id)) found.push(...page);
    expect(found).toEqual(ids.slice(0, 50));
    await expect(directory.groupsOf(ids[0] ?? '')).resolves.toEqual([group.id]);
    await expect(directory.groupsOf(ids[60] ?? '')).resolves.toEqual([]);
    await expect(directory.resolveGroups(['Enginers'])).rejects.toMatchObject({
      code: 'group-missing',
      message: expect.stringContaining('Did you mean Engineers?'),
    });
    await database.scim.groups.insert({
      storeId: 'store1',
      resource: { displayName: 'Engineers', externalId: 'other' },
    });
    await expect(directory.resolveGroups(['Engineers'])).rejects.toMatchObject({
      code: 'group-missing',
      message: expect.stringContaining(group.id),
    });
  });
});
