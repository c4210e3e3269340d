import { customValue } from '../../../../src/core/custom-attributes.ts';
import type { SourceUser } from '../../../../src/core/model/source-user.ts';
import {
  readGraphId,
  readGroup,
  readOrganization,
  readUser,
  readUserId,
} from '../../../../src/directories/jumpcloud/records.ts';

const id = '5f0c1d2e3a4b5c6d7e8f9a0b';
const ann = { _id: id, state: 'ACTIVATED', email: 'ann@example.org', organization: 'o1' };

describe('readUserId', () => {
  it.each([
    [ann, id],
    [{ _id: 'short-1_x' }, 'short-1_x'],
    [{ _id: '' }, null],
    [{ _id: 17 }, null],
    [{ _id: 'a/b' }, null],
    [{ _id: 'x'.repeat(129) }, null],
    [{ id }, null],
    [null, null],
    ['text', null],
  ])('reads the id of %j', (row, expected) => {
    expect(readUserId(row)).toBe(expected);
  });
});

describe('readUser', () => {
  it('can’t read a record that is nested without end, whatever field is', () => {
    const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(readUser(id, { ...ann, jobTitle: nested(90) })).toMatchObject({ state: 'ACTIVATED' });
    for (const field of ['jobTitle', 'state', 'attributes']) {
      expect(readUser(id, { ...ann, [field]: nested(50_000) })).toEqual({
        externalId: id,
        unreadable: 'it is nested more than 100 levels deep',
      });
    }
  });

  it('keeps the record unchanged', () => {
    expect(readUser(id, ann)).toEqual({
      externalId: id,
      state: 'ACTIVATED',
      orgId: 'o1',
      record: ann,
      custom: {},
    });
  });

  it.each([
    [{ state: 'STAGED', suspended: true }, 'STAGED'],
    [{ state: 'SUSPENDED' }, 'SUSPENDED'],
    [{ state: 'ACTIVATED', account_locked: true, password_expired: true }, 'ACTIVATED'],
    [{ state: 'ACTIVATED', suspended: 'false' }, 'ACTIVATED'],
    [{ suspended: true }, 'SUSPENDED'],
    [{ suspended: false, activated: false }, 'ACTIVATED'],
    [{ state: null, suspended: true }, 'SUSPENDED'],
    [{ state: 'ACTIVATED', suspended: true }, 'SUSPENDED'],
    [{ state: 'FROZEN', suspended: true }, 'SUSPENDED'],
    [{ state: 'SUSPENDED', suspended: false }, 'SUSPENDED'],
  ])('reads %j as %s', (fields, state) => {
    expect(readUser(id, { _id: id, ...fields })).toMatchObject({ state });
  });

  it.each([
    [{ state: 'FROZEN' }, 'its state is "FROZEN"; known are ACTIVATED, STAGED, SUSPENDED'],
    [{ state: 3 }, 'its state is 3'],
    [{ state: 'FROZEN', suspended: false }, 'its state is "FROZEN"'],
    [{}, 'neither "state" nor "suspended"'],
    [{ state: null, suspended: null }, 'neither "state" nor "suspended"'],
    [{ suspended: 'yes' }, '"suspended" is "yes", not true or false'],
  ])('cannot read the state of %j', (fields, words) => {
    expect(readUser(id, { _id: id, ...fields })).toEqual({
      externalId: id,
      unreadable: expect.stringContaining(words),
    });
  });

  it('ignores any other field of an unexpected type', () => {
    const odd = { ...ann, email: 7, addresses: 'nowhere', organization: 9, attributes: {} };
    expect(readUser(id, odd)).toMatchObject({ record: odd, orgId: null, custom: {} });
  });

  it('reads custom attributes by their names, and skips those without one', () => {
    const attributes = [
      { name: 'shirtSize', value: 'M' },
      { name: 'ShirtSize', value: 'XL' },
      { name: '__proto__', value: 'harmless' },
      { name: 'Inge\u0301nieur\u00a0 en chef ', value: 'oui' },
      { value: 'nameless' },
      null,
    ];
    const { custom } = readUser(id, { ...ann, attributes }) as SourceUser;
    expect(Object.entries(custom)).toEqual([
      ['shirtSize', 'M'],
      ['ShirtSize', 'XL'],
      ['__proto__', 'harmless'],
      ['Ing\u00e9nieur en chef', 'oui'],
    ]);
  });

  it.each<[string, unknown, unknown]>([
    ['a text', '1001', '1001'],
    ['a number', 1002, '1002'],
    ['zero', 0, '0'],
    ['a fraction', -1.5, '-1.5'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['null', null, undefined],
    ['an empty text', '', undefined],
    ['an empty list', [], undefined],
    ['a list', ['a', 'b'], ['a', 'b']],
    ['an object', { x: 1 }, { x: 1 }],
    ['a number that is not exact', 12345678901234567891n, 12345678901234567000],
  ])('reads a custom attribute that is %s, in a list and in an object', (_, value, read) => {
    const given = typeof value === 'bigint' ? Number(value) : value;
    for (const attributes of [[{ name: 'badge', value: given }], { badge: given }]) {
      const { custom } = readUser(id, { ...ann, attributes }) as SourceUser;
      expect(custom['badge']).toEqual(read);
    }
  });

  it('takes a custom attribute with two values for a list, and one with a value twice for that value', () => {
    const attributes = ['7', 7, null, '', 'x'].map((value) => ({ name: 'badge', value }));
    const { custom } = readUser(id, { ...ann, attributes }) as SourceUser;
    expect(custom).toEqual({ badge: ['7', 'x'] });
    const same = readUser(id, { ...ann, attributes: attributes.slice(0, 4) }) as SourceUser;
    expect(same.custom).toEqual({ badge: '7' });
  });

  it('knows no custom attribute when they are neither a list nor an object', () => {
    const read = readUser(id, { ...ann, attributes: 'badge=7' }) as SourceUser;
    expect(customValue(read, 'badge')).toEqual({});
    expect(customValue(readUser(id, { ...ann, attributes: null }) as SourceUser, 'badge')).toBe(
      undefined,
    );
  });
});

describe('reading what is not a user', () => {
  it('knows a group whose rule has errors, and one whose members a person approves', () => {
    const row = {
      id: 'g1',
      name: 'Sales',
      membershipMethod: 'DYNAMIC_REVIEW_REQUIRED',
      memberQueryErrorFlags: ['CYCLE', 'INVALID_GROUP_REFERENCE'],
    };
    expect(readGroup(row)).toMatchObject({
      doubt: 'its rule has errors (CYCLE, INVALID_GROUP_REFERENCE)',
      isUnderReview: true,
    });
    const plain = { ...row, membershipMethod: 'STATIC', memberQueryErrorFlags: null };
    expect(readGroup(plain)).toMatchObject({ doubt: null, isUnderReview: false });
  });

  it('reads organizations, groups and graph objects, and nothing else', () => {
    expect(readOrganization({ _id: 'o1', displayName: 'Acme', logoUrl: '' })).toEqual({
      id: 'o1',
      name: 'Acme',
    });
    expect(readOrganization({ _id: 'o1' })).toEqual({ id: 'o1', name: '' });
    expect(readOrganization({ displayName: 'Acme' })).toBeNull();
    const row = { id: 'g1', name: 'Sales', type: 'user_group' };
    expect(readGroup(row)).toEqual({
      id: 'g1',
      name: 'Sales',
      record: row,
      doubt: null,
      isUnderReview: false,
    });
    expect(readGroup({ id: 'g1' })).toBeNull();
    expect(readGraphId({ id: 'u1', type: 'user', paths: [] })).toBe('u1');
    expect(readGraphId(null)).toBeNull();
  });
});
