import { defaultMapping } from '../../../src/directories/jumpcloud/default-mapping.ts';
import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

const extension = 'urn:acme:scim:User';

describe('what a directory pushes', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  /** Creates a user from these bytes. */
  const push = (bytes: Buffer, contentType: string): Promise<Response> =>
    fetch(world.url('/Users'), {
      method: 'POST',
      headers: { authorization: `Bearer ${world.token}`, 'content-type': contentType },
      body: new Uint8Array(bytes),
    });

  it('is refused when it is no text, and nothing is stored', async () => {
    const latin1 = Buffer.from(JSON.stringify(aUser('J\u00fcrgen')), 'latin1');
    const refused = await push(latin1, 'application/scim+json');
    expect(refused.status).toBe(400);
    await expect(refused.json()).resolves.toMatchObject({
      detail: 'The body is text that is not valid UTF-8.',
    });
    expect((await push(latin1, 'application/json; charset=utf-7')).status).toBe(415);
    expect(await world.allMembers()).toEqual([]);
    expect((await push(latin1, 'application/scim+json; charset=iso-8859-1')).status).toBe(201);
    expect(await world.allMembers()).toMatchObject([{ fields: { firstName: 'J\u00fcrgen' } }]);
  });

  it('keeps numbers, booleans and the types of phones', async () => {
    const mapping = {
      ...defaultMapping,
      'custom.badge': { custom: 'badge' },
      'custom.onSite': { custom: 'onSite' },
    };
    await world.addStore({ mapping });
    const ada = await world.ask(
      'POST',
      '/Users',
      aUser('ada', {
        phoneNumbers: [{ value: '1' }, { type: 'WORK_MOBILE', value: '2' }],
        [extension]: { badge: 42, onSite: false },
      }),
    );
    expect(await world.member(ada.id)).toMatchObject({
      fields: { phone: '1', mobile: '2' },
      custom: { badge: '42', onSite: 'false' },
    });
    await world.ask('PUT', `/Users/${ada.id}`, aUser('ada', { [extension]: { badge: [42, 43] } }));
    expect((await world.member(ada.id))?.custom).toEqual({ badge: '42' });
  });

  it('comes into scope by a group whose name has decomposed letters', async () => {
    const conditions = [{ memberOf: 'Ing\u00e9nieurs' }];
    await world.addStore({ criteria: { users: { conditions } } });
    const [id = ''] = await world.pushUsers(['ada']);
    await world.ask('POST', '/Groups', {
      displayName: 'Inge\u0301nieurs ',
      members: [{ value: id }],
    });
    expect((await world.member(id))?.status).toBe('active');
    expect((await world.sync()).counts).toMatchObject({ inScope: 1 });
  });
});
