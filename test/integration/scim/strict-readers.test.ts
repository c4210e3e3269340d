import { aUser, type Json, openScimWorld, type ScimWorld } from './scim-world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const custom = 'urn:acme:badges:2.0:User';
const limits = 'urn:scim:schemas:extension:rollcall:2.0:ServiceProviderConfig';

interface Described {
  readonly name: string;
  readonly multiValued: boolean;
  readonly subAttributes?: readonly Described[];
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The paths of what an answer has and these attributes do not describe. */
function undescribed(value: Json, attributes: readonly Described[], at = ''): readonly string[] {
  return Object.entries(value).flatMap(([key, each]) => {
    const path = `${at}${key}`;
    const attribute = attributes.find(({ name }) => name === key);
    if (attribute === undefined || Array.isArray(each) !== attribute.multiValued) return [path];
    const { subAttributes } = attribute;
    if (subAttributes === undefined) return [each].flat().some(isObject) ? [path] : [];
    return [each]
      .flat()
      .flatMap((one) => (isObject(one) ? undescribed(one, subAttributes, `${path}.`) : [path]));
  });
}

const plain = (name: string, ...subs: readonly string[]): Described => ({
  name,
  multiValued: name === 'schemas',
  ...(subs.length > 0 && { subAttributes: subs.map((sub) => plain(sub)) }),
});
/** RFC 7643, section 3.1. */
const common = [
  plain('schemas'),
  plain('id'),
  plain('externalId'),
  plain('meta', 'resourceType', 'created', 'lastModified', 'location', 'version'),
];

/** Some clients refuse an answer with anything that no schema describes. */
describe('an answer to a strict reader', () => {
  let world: ScimWorld;
  const schemas = new Map<string, readonly Described[]>();
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
    const { body } = await world.ask('GET', '/Schemas');
    for (const { id, attributes } of body['Resources'] as {
      readonly id: string;
      readonly attributes: readonly Described[];
    }[]) {
      schemas.set(id, attributes);
    }
  });
  afterAll(() => world.close());

  const unknownIn = (body: Json): readonly string[] => {
    const [core = '', ...extensions] = body['schemas'] as readonly string[];
    const attributes = [...common, ...(schemas.get(core) ?? [])];
    return Object.entries(body).flatMap(([key, value]) => {
      if (!key.startsWith('urn:')) return undescribed({ [key]: value }, attributes);
      if (!extensions.includes(key) || !isObject(value)) return [key];
      // The schema of an extension that a client pushes is known to the client.
      return key === custom ? [] : undescribed(value, schemas.get(key) ?? [], `${key}:`);
    });
  };

  it('has what the schemas describe, in every answer about a user', async () => {
    const body = aUser('ada', {
      location: 'Paris',
      favorites: { color: 'red' },
      'urn:acme:nothing': null,
      emails: [{ value: 'ada@acme.test', verified: true, type: 'work' }],
      name: { givenName: 'Ada', nick: 'A' },
      [enterprise]: { department: 'A', desk: '5' },
      [custom]: { badge: 5 },
    });
    const made = await world.ask('POST', '/Users', body);
    const path = `/Users/${made.id}`;
    await world.ask('POST', '/Groups', { displayName: 'A', members: [{ value: made.id }] });
    const Operations = [{ op: 'add', value: { location: 'Rome', spare: 'x' } }];
    const answers = [
      made.body,
      (await world.ask('GET', path)).body,
      (await world.ask('PUT', path, body)).body,
      (await world.ask('PATCH', path, { Operations })).body,
      ...((await world.ask('GET', '/Users')).body['Resources'] as Json[]),
      ...((await world.ask('POST', '/.search', {})).body['Resources'] as Json[]),
    ];
    expect(answers).toHaveLength(7);
    for (const answer of answers) expect(unknownIn(answer)).toEqual([]);
    expect(answers[1]).toMatchObject({ [custom]: { badge: 5 }, [enterprise]: { department: 'A' } });
    // It is stored all the same, and shown to who asks for it by name.
    const named = await world.ask('GET', `${path}?attributes=location,spare,userName`);
    expect(named.body).toMatchObject({ location: 'Rome', spare: 'x', userName: 'ada' });
  });

  it('has what the schemas describe of a group', async () => {
    const made = await world.ask('POST', '/Groups', { displayName: 'B', description: 'x' });
    const { body } = await world.ask('GET', `/Groups/${made.id}`);
    expect([unknownIn(made.body), unknownIn(body)]).toEqual([[], []]);
    const named = await world.ask('GET', `/Groups/${made.id}?attributes=description`);
    expect(named.body['description']).toBe('x');
  });

  it('has of the configuration what RFC 7643 describes, and the limits for who asks for them', async () => {
    const { body } = await world.ask('GET', '/ServiceProviderConfig');
    expect(Object.keys(body).toSorted()).toEqual([
      'authenticationSchemes',
      'bulk',
      'changePassword',
      'documentationUri',
      'etag',
      'filter',
      'meta',
      'patch',
      'schemas',
      'sort',
    ]);
    expect(body['schemas']).toEqual([
      'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
    ]);
    const named = await world.ask('GET', `/ServiceProviderConfig?attributes=${limits}`);
    expect(named.body).toMatchObject({
      schemas: expect.arrayContaining([limits]),
      [limits]: { maxMembers: 20_000 },
    });
  });

  it('has lists and errors of the form that RFC 7644 has', async () => {
    const list = await world.ask('GET', '/Users?count=1');
    expect(Object.keys(list.body).toSorted()).toEqual([
      'Resources',
      'itemsPerPage',
      'schemas',
      'startIndex',
      'totalResults',
    ]);
    const error = await world.ask('GET', '/Users/nobody');
    expect(Object.keys(error.body).toSorted()).toEqual(['detail', 'schemas', 'status']);
    const types = await world.ask('GET', '/ResourceTypes/User');
    const { schemaExtensions } = types.body as { schemaExtensions: { readonly schema: string }[] };
    for (const { schema } of schemaExtensions) expect([...schemas.keys()]).toContain(schema);
  });
});
