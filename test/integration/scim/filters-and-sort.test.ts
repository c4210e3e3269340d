import { type Answer, aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const standing = 'urn:scim:schemas:extension:rollcall:2.0:User';
const custom = 'urn:acme:badges:2.0:User';
const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User';
const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group';

describe('filters and orders', () => {
  let world: ScimWorld;
  const ids = new Map<string, string>();
  const withIds = (filter: string) =>
    filter.replace(/\{(\w+)\}/g, (_, name: string) => ids.get(name) ?? '');
  beforeAll(async () => {
    world = await openScimWorld();
    // Memberships of another store are never found.
    await world.addStore();
    const [other = ''] = await world.pushUsers(['zoe']);
    await world.ask('POST', '/Groups', { displayName: 'Engineers', members: [{ value: other }] });
    ids.set('other', other);
    await world.addStore();
    const people = [
      aUser('ada', {
        title: 'Chief',
        nickName: 'b',
        [enterprise]: { department: 'Engines', manager: { value: 'm1' } },
      }),
      aUser('bob', { nickName: 'a', [custom]: { badge: 5, note: `"${enterprise}":` } }),
      aUser('cyd', { nickName: 'A', title: 'boss', emails: [] }),
      aUser('dan', { [enterprise]: { department: 'Arts' } }),
    ];
    for (const person of people) {
      ids.set(String(person['userName']), (await world.ask('POST', '/Users', person)).id);
    }
    for (const [displayName, ...names] of [
      ['Engineers', 'ada', 'bob'],
      ['Managers', 'ada'],
      ['Empty'],
      ['Many Engineers', 'cyd'],
    ]) {
      const members = names.map((name) => ({ value: ids.get(name) }));
      const { id } = await world.ask('POST', '/Groups', { displayName, members });
      ids.set(displayName?.replace(' ', '') ?? '', id);
    }
  });
  afterAll(() => world.close());

  const find = (type: string, query: string): Promise<Answer> =>
    world.ask('GET', `/${type}?${query}`);
  const namesOf = ({ body }: Answer) =>
    (body['Resources'] as { readonly userName?: string; readonly displayName?: string }[]).map(
      ({ userName, displayName }) => userName ?? displayName,
    );
  const everyone = ['ada', 'bob', 'cyd', 'dan'];

  it.each([
    // schemas
    [`schemas eq "${coreUser}"`, everyone],
    [`schemas eq "${coreUser.toUpperCase()}"`, everyone],
    [`schemas eq "${enterprise}"`, ['ada', 'dan']],
    [`schemas ne "${enterprise}"`, ['bob', 'cyd']],
    [`not (schemas eq "${enterprise}")`, ['bob', 'cyd']],
    [`schemas eq "${enterprise}" and userName sw "d"`, ['dan']],
    [`schemas eq "${standing}"`, everyone],
    [`schemas eq "${custom}"`, ['bob']],
    [`schemas eq "${coreGroup}"`, []],
    ['schemas eq "urn:nothing"', []],
    ['schemas eq "userName"', []],
    ['schemas pr', everyone],
    ['SCHEMAS co "enterprise"', ['ada', 'dan']],
    ['schemas sw "urn:ietf:params:scim:schemas:core"', everyone],
    ['schemas ew "2.0:group"', []],
    // groups
    ['groups eq "{Engineers}"', ['ada', 'bob']],
    ['groups.value eq "{Engineers}"', ['ada', 'bob']],
    ['groups[value eq "{Engineers}"]', ['ada', 'bob']],
    [`${coreUser}:groups.value eq "{Managers}"`, ['ada']],
    ['groups.display eq "ENGINEERS"', ['ada', 'bob']],
    ['groups.display co "engineers"', ['ada', 'bob', 'cyd']],
    ['groups.display sw "many"', ['cyd']],
    ['groups[display eq "Managers" or display sw "Many"]', ['ada', 'cyd']],
    ['groups[display co "Engineers" and not (display eq "Engineers")]', ['cyd']],
    ['groups.type eq "direct"', ['ada', 'bob', 'cyd']],
    ['groups[type eq "direct" and value eq "{Managers}"]', ['ada']],
    ['groups[type eq "indirect"]', []],
    ['groups pr', ['ada', 'bob', 'cyd']],
    ['groups.value pr', ['ada', 'bob', 'cyd']],
    ['not (groups pr)', ['dan']],
    ['groups eq null', ['dan']],
    ['groups ne "{Managers}"', ['bob', 'cyd', 'dan']],
    ['not (groups eq "{Managers}") and groups pr', ['bob', 'cyd']],
    ['groups eq "{Managers}" or userName eq "dan"', ['ada', 'dan']],
    ['groups eq "{Empty}"', []],
    ['groups eq "nothing"', []],
    // the rest
    ['emails pr', ['ada', 'bob', 'dan']],
    ['not (emails pr)', ['cyd']],
    [`${enterprise}:manager.value eq "m1"`, ['ada']],
    [`${enterprise}:manager pr`, ['ada']],
    ['name.familyName eq "test" and not (title pr)', ['bob', 'dan']],
  ])('find users by %s', async (filter, expected) => {
    const answer = await find('Users', `filter=${encodeURIComponent(withIds(filter))}`);
    expect([filter, answer.status, answer.body['detail']]).toEqual([filter, 200, undefined]);
    expect(namesOf(answer)).toEqual(expected);
    expect(answer.body['totalResults']).toBe(expected.length);
  });

  it.each([
    ['members pr', ['Engineers', 'Managers', 'Many Engineers']],
    ['members.value pr', ['Engineers', 'Managers', 'Many Engineers']],
    ['not (members pr)', ['Empty']],
    ['members eq null', ['Empty']],
    ['members eq "{ada}"', ['Engineers', 'Managers']],
    [`${coreGroup}:members.value eq "{ada}"`, ['Engineers', 'Managers']],
    ['members[value eq "{ada}" or value eq "{cyd}"]', ['Engineers', 'Managers', 'Many Engineers']],
    ['members[not (value eq "{ada}")]', ['Engineers', 'Many Engineers']],
    ['members[value eq "{bob}" and type eq "User"]', ['Engineers']],
    ['members[value eq "{ada}" and value eq "{bob}"]', []],
    ['members eq "{ada}" and members eq "{bob}"', ['Engineers']],
    ['members.type eq "User"', ['Engineers', 'Managers', 'Many Engineers']],
    ['members.type eq "Group"', []],
    ['members ne "{ada}"', ['Empty', 'Many Engineers']],
    ['members eq "{other}"', []],
    ['members eq "nobody"', []],
    ['id eq "{Engineers}" and members eq "{bob}"', ['Engineers']],
    ['displayName sw "E" and members pr', ['Engineers']],
    [`schemas eq "${coreGroup}"`, ['Engineers', 'Managers', 'Empty', 'Many Engineers']],
    [`schemas eq "${enterprise}"`, []],
    ['schemas pr', ['Engineers', 'Managers', 'Empty', 'Many Engineers']],
  ])('find groups by %s', async (filter, expected) => {
    const answer = await find('Groups', `filter=${encodeURIComponent(withIds(filter))}`);
    expect([filter, answer.status, answer.body['detail']]).toEqual([filter, 200, undefined]);
    expect(namesOf(answer)).toEqual(expected);
  });

  it.each([
    ['Users', 'groups.$ref eq "x"'],
    ['Users', 'groups.nothing eq "x"'],
    ['Users', 'groups[nothing eq "x"]'],
    ['Users', 'groups.value gt true'],
    ['Users', 'groups[value[a eq "x"]]'],
    ['Users', 'schemas gt "a"'],
    ['Users', 'members pr'],
    ['Groups', 'groups pr'],
    ['Groups', 'members.$ref eq "x"'],
    ['Groups', 'members[display eq "x"]'],
  ])('refuse for %s %s', async (type, filter) => {
    const answer = await find(type, `filter=${encodeURIComponent(filter)}`);
    expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  });

  it('find users and groups together by what each has', async () => {
    const search = async (filter: string) =>
      namesOf(await world.ask('POST', '/.search', { filter: withIds(filter) }));
    expect(await search('groups.display eq "Managers"')).toEqual(['ada']);
    expect(await search('members eq "{ada}"')).toEqual(['Engineers', 'Managers']);
    expect(await search('schemas pr')).toHaveLength(8);
  });

  // RFC 7644, section 3.4.2.3: without a value last when ascending, and first when descending.
  it.each([
    ['title', ['cyd', 'ada', 'bob', 'dan']],
    ['nickName', ['bob', 'cyd', 'ada', 'dan']],
    ['emails.value', ['ada', 'bob', 'dan', 'cyd']],
    ['emails', ['ada', 'bob', 'dan', 'cyd']],
    ['name.givenName', everyone],
    [`${enterprise}:department`, ['dan', 'ada', 'bob', 'cyd']],
    [`${enterprise}:manager.value`, ['ada', 'bob', 'cyd', 'dan']],
    ['externalId', everyone],
    ['id', everyone],
    ['meta.created', everyone],
    ['userName', everyone],
  ])('sort by %s, page by page', async (sortBy, expected) => {
    for (const count of [1, 2, 3, 100]) {
      const seen: unknown[] = [];
      for (let startIndex = 1; startIndex <= 4; startIndex += count) {
        const page = await find(
          'Users',
          `sortBy=${sortBy}&startIndex=${startIndex}&count=${count}`,
        );
        expect(page.body['totalResults']).toBe(4);
        seen.push(...namesOf(page));
      }
      expect([count, seen]).toEqual([count, expected]);
    }
  });

  it.each([
    ['title', ['bob', 'dan', 'ada', 'cyd']],
    ['emails', ['cyd', 'dan', 'bob', 'ada']],
    ['userName', ['dan', 'cyd', 'bob', 'ada']],
    ['id', ['dan', 'cyd', 'bob', 'ada']],
  ])('sort by %s descending', async (sortBy, expected) => {
    const seen: unknown[] = [];
    for (const startIndex of [1, 3]) {
      const page = await find(
        'Users',
        `sortBy=${sortBy}&sortOrder=descending&startIndex=${startIndex}&count=2`,
      );
      seen.push(...namesOf(page));
    }
    expect(seen).toEqual(expected);
  });

  it('sort what a filter finds', async () => {
    const filter = encodeURIComponent(withIds('groups pr'));
    expect(namesOf(await find('Users', `filter=${filter}&sortBy=title`))).toEqual([
      'cyd',
      'ada',
      'bob',
    ]);
    expect(namesOf(await find('Users', `filter=${filter}&sortBy=title&startIndex=3`))).toEqual([
      'bob',
    ]);
  });
});
