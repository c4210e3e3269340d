import { type Answer, aUser, type Json, openScimWorld, type ScimWorld } from './scim-world.ts';

/**
 * What published suites check of a service, in words of our own: Okta's specification tests, the validator of Microsoft
 * Entra ID, scim2-tester, and the compliance suites of UnboundID, PingIdentity, WSO2 and scim.dev. The tables of the
 * other files have what each kind of value, filter and method does.
 */
describe('the checks of published suites', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
  const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';
  const patch = (path: string, ...Operations: readonly object[]) =>
    world.ask('PATCH', path, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations,
    });
  const found = async (path: string): Promise<readonly unknown[]> => {
    const { body } = await world.ask('GET', path);
    const { Resources = [] } = body as { Resources?: readonly { readonly id: string }[] };
    return Resources.map(({ id }) => id);
  };
  const isError = ({ status, body }: Answer, expected: number): void => {
    expect([status, body]).toEqual([
      expected,
      expect.objectContaining({ schemas: [errorSchema], status: String(expected) }),
    ]);
  };

  it('Okta: reads a page, a user and nobody, creates once, and lists groups', async () => {
    await world.pushUsers(['ada', 'bob']);
    const page = await world.ask('GET', '/Users?count=1&startIndex=1');
    expect(page).toMatchObject({
      status: 200,
      body: { schemas: [listSchema], itemsPerPage: 1, startIndex: 1, totalResults: 2 },
    });
    const [first] = page.body['Resources'] as Json[];
    expect(first).toMatchObject({
      id: expect.stringMatching(/.+/),
      name: { familyName: expect.any(String), givenName: expect.any(String) },
      userName: 'ada',
      active: true,
      emails: [{ value: 'ada@acme.test' }],
    });
    expect((await world.ask('GET', `/Users/${String(first?.['id'])}`)).body).toEqual(first);
    const none = await world.ask('GET', '/Users?filter=userName eq "nobody@acme.test"');
    expect(none.body).toMatchObject({ schemas: [listSchema], totalResults: 0 });
    isError(await world.ask('GET', '/Users/010101001010101011001010101011'), 404);
    const body = {
      ...aUser('cyd'),
      emails: [{ primary: true, value: 'c@acme.test', type: 'work' }],
    };
    const made = await world.ask('POST', '/Users', body);
    expect(made).toMatchObject({ status: 201, body: { active: true, userName: 'cyd' } });
    expect(await found('/Users?filter=userName eq "CYD"')).toEqual([made.id]);
    isError(await world.ask('POST', '/Users', body), 409);
    const groups = await world.ask('GET', '/Groups?startIndex=1&count=100');
    expect(groups.body).toMatchObject({ totalResults: 0, Resources: [] });
  });

  it('Entra: finds, changes, disables and deletes a user', async () => {
    const external = { externalId: 'e1', title: null, roles: [], phoneNumbers: [] };
    const made = await world.ask('POST', '/Users', aUser('ada', external));
    const path = `/Users/${made.id}`;
    expect(await found('/Users?filter=externalId eq "e1"')).toEqual([made.id]);
    expect(await found('/Users?filter=externalId eq "e1" and active eq true')).toEqual([made.id]);
    expect(await found('/Users?filter=emails[type eq "work"].value eq "ada@acme.test"')).toEqual([
      made.id,
    ]);
    const changed = await patch(
      path,
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@acme.test' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'admin' },
      { op: 'Add', path: 'addresses[type eq "work"].formatted', value: '1 Lane' },
      { op: 'Replace', value: { displayName: 'Ada', 'name.familyName': 'King' } },
    );
    expect(changed).toMatchObject({
      status: 200,
      body: {
        emails: [{ value: 'new@acme.test', type: 'work', primary: true }],
        roles: [{ primary: true, value: 'admin' }],
        addresses: [{ type: 'work', formatted: '1 Lane' }],
        displayName: 'Ada',
        name: { familyName: 'King', givenName: 'ada' },
      },
    });
    expect((await patch(path, { op: 'Replace', path: 'userName', value: 'ada2' })).status).toBe(
      200,
    );
    expect(
      (await patch(path, { op: 'Replace', path: 'active', value: 'False' })).body,
    ).toMatchObject({
      active: false,
    });
    expect((await world.ask('DELETE', path)).status).toBe(204);
    isError(await world.ask('GET', path), 404);
    isError(await world.ask('DELETE', path), 404);
    isError(await patch(path, { op: 'Replace', path: 'active', value: 'True' }), 404);
    expect((await world.ask('POST', '/Users', aUser('ada2'))).status).toBe(201);
  });

  it('Entra: keeps a group and its members', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob']);
    const made = await world.ask('POST', '/Groups', { displayName: 'A', externalId: 'g1' });
    expect(made.status).toBe(201);
    const path = `/Groups/${made.id}`;
    const isMember = (id: string) =>
      found(`/Groups?filter=id eq "${made.id}" and members eq "${id}"&excludedAttributes=members`);
    for (const value of [ada, bob]) {
      const added = await patch(path, { op: 'Add', path: 'members', value: [{ value }] });
      expect(added.status).toBe(204);
    }
    expect([await isMember(ada), await isMember(bob)]).toEqual([[made.id], [made.id]]);
    await patch(path, { op: 'Remove', path: 'members', value: [{ value: ada }] });
    expect([await isMember(ada), await isMember(bob)]).toEqual([[], [made.id]]);
    await patch(path, { op: 'Replace', path: 'displayName', value: 'B' });
    expect(await found('/Groups?filter=displayName eq "b"&excludedAttributes=members')).toEqual([
      made.id,
    ]);
    const bare = await world.ask('GET', `${path}?excludedAttributes=members`);
    expect(bare.body).not.toHaveProperty('members');
    await world.ask('DELETE', `/Users/${bob}`);
    expect((await world.ask('GET', path)).body['members']).toEqual([]);
    expect((await world.ask('DELETE', path)).status).toBe(204);
    isError(await world.ask('GET', path), 404);
  });

  it('scim2-tester: adds, replaces and removes every attribute that a client may write', async () => {
    const { body } = await world.ask('GET', '/Schemas');
    const { id: made } = await world.ask('POST', '/Users', { userName: 'ada' });
    const refused: unknown[] = [];
    for (const schema of body['Resources'] as { id: string; attributes: Json[] }[]) {
      if (schema.id.endsWith('core:2.0:Group')) continue;
      for (const {
        name,
        type,
        multiValued,
        mutability,
        required,
        subAttributes,
      } of schema.attributes) {
        if (mutability !== 'readWrite' || required === true || name === 'active') continue;
        const one = (part: Json): unknown =>
          part['type'] === 'boolean' ? true : `v-${String(part['name'])}`;
        const whole = Object.fromEntries(
          ((subAttributes ?? []) as Json[]).map((part) => [part['name'], one(part)]),
        );
        const single = type === 'complex' ? whole : one({ name, type });
        const value = multiValued === true ? [single] : single;
        const path = `${schema.id}:${String(name)}`;
        const at = `/Users/${made}?attributes=${path}`;
        for (const op of ['add', 'replace']) {
          const answer = await patch(at, { op, path, value });
          const { [schema.id]: extension, [String(name)]: core } = answer.body;
          const shown = core ?? (extension as Json | undefined)?.[String(name)];
          if (JSON.stringify(shown) !== JSON.stringify(value))
            refused.push([op, path, answer.body]);
        }
        const removed = await patch(at, { op: 'remove', path });
        if (removed.status !== 200 || JSON.stringify(removed.body).includes('v-')) {
          refused.push(['remove', path, removed.body]);
        }
      }
    }
    expect(refused).toEqual([]);
  });

  it('scim2-tester: finds each description by its id, and no other', async () => {
    for (const path of ['/Schemas', '/ResourceTypes']) {
      const ids = await found(path);
      expect(ids.length).toBeGreaterThan(1);
      for (const id of ids) {
        expect((await world.ask('GET', `${path}/${String(id)}`)).body).toMatchObject({
          id,
          meta: {
            location: `https://rollcall.test/scim/v2/${world.store.id}${path}/${String(id)}`,
          },
        });
      }
      isError(await world.ask('GET', `${path}/nothing`), 404);
    }
    isError(await world.ask('GET', '/nothing'), 404);
  });

  it.each([
    ['attributes=userName', ['id', 'schemas', 'userName']],
    ['attributes=USERNAME,name.givenName', ['id', 'name', 'schemas', 'userName']],
    [
      'attributes=urn:ietf:params:scim:schemas:core:2.0:User:userName',
      ['id', 'schemas', 'userName'],
    ],
    ['attributes=nothing', ['id', 'schemas']],
    [
      'excludedAttributes=id,schemas,userName,name,emails,active,meta,urn:scim:schemas:extension:rollcall:2.0:User',
      ['id', 'schemas'],
    ],
  ])('UnboundID, PingIdentity: answers %s in every answer', async (query, expected) => {
    const made = await world.ask('POST', `/Users?${query}`, aUser('ada'));
    const path = `/Users/${made.id}?${query}`;
    const [listed] = (await world.ask('GET', `/Users?${query}`)).body['Resources'] as Json[];
    const answers = [
      made.body,
      (await world.ask('GET', path)).body,
      (await world.ask('PUT', path, aUser('ada'))).body,
      (await patch(path, { op: 'add', path: 'active', value: true })).body,
      listed ?? {},
    ];
    expect(answers.map((body) => Object.keys(body).toSorted())).toEqual(
      answers.map(() => expected),
    );
  });

  it.each([
    ['PUT without a user name', 'PUT', { name: { givenName: 'A' } }, 400, 'invalidValue'],
    ['PUT with the id of another', 'PUT', aUser('ada', { id: 'other' }), 200, undefined],
    ['PATCH without operations', 'PATCH', { Operations: [] }, 400, 'invalidSyntax'],
    [
      'PATCH of an unknown kind',
      'PATCH',
      { Operations: [{ op: 'test', path: 'title' }] },
      400,
      'invalidSyntax',
    ],
    [
      'PATCH without a value',
      'PATCH',
      { Operations: [{ op: 'add', path: 'title' }] },
      400,
      'invalidValue',
    ],
    ['PATCH remove without a path', 'PATCH', { Operations: [{ op: 'remove' }] }, 400, 'noTarget'],
    [
      'PATCH of a malformed path',
      'PATCH',
      { Operations: [{ op: 'add', path: 'a[', value: 1 }] },
      400,
      'invalidPath',
    ],
    [
      'PATCH of a malformed filter',
      'PATCH',
      { Operations: [{ op: 'remove', path: 'emails[type xx "a"]' }] },
      400,
      'invalidFilter',
    ],
    [
      'PATCH of the id',
      'PATCH',
      { Operations: [{ op: 'replace', path: 'id', value: 'x' }] },
      400,
      'mutability',
    ],
  ])('WSO2, scim.dev: %s', async (_what, method, body, status, scimType) => {
    const [id = ''] = await world.pushUsers(['ada']);
    const answer = await world.ask(method, `/Users/${id}`, body);
    expect([answer.status, answer.body['scimType']]).toEqual([status, scimType]);
    expect((await world.ask('GET', `/Users/${id}`)).body).toMatchObject({ id, userName: 'ada' });
  });
});
