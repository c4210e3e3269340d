import { applyPatch } from '../../../../src/core/scim/apply-patch.ts';
import { patchGroup } from '../../../../src/core/scim/group-patch.ts';
import { parseFilter } from '../../../../src/core/scim/parse-filter.ts';
import { parsePatchPath } from '../../../../src/core/scim/patch-path.ts';
import { presentUser, readProjection } from '../../../../src/core/scim/present.ts';
import { readPatch } from '../../../../src/core/scim/read-patch.ts';
import { readResource } from '../../../../src/core/scim/read-resource.ts';
import { foldText } from '../../../../src/core/scim/search-form.ts';

const small = 1250;
const large = 4 * small;
const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const people = readResource('User', {
  userName: 'ada',
  emails: many(1000, (at) => ({ value: `p${at}@acme.test`, type: 'work' })),
});
const patchUser = (Operations: readonly object[]) =>
  applyPatch('User', people, readPatch('User', { Operations }));
/** An error of the input is an answer too; only its time counts here. */
const refusedOrNot = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    expect(error).toHaveProperty('name', 'ScimError');
  }
};

/** Milliseconds of processor time, so that other work of the machine counts little: the least of three rounds. */
function timeOf(work: () => unknown): number {
  const times = many(3, () => {
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const inputs: readonly [string, (count: number) => unknown][] = [
  [
    'attributes of one operation',
    (n) => patchUser([{ op: 'add', value: Object.fromEntries(many(n, (at) => [`a${at}`, 1])) }]),
  ],
  [
    'operations on new attributes',
    (n) => patchUser(many(n, (at) => ({ op: 'add', path: `a${at}`, value: 1 }))),
  ],
  [
    'values of one operation',
    (n) => patchUser([{ op: 'add', path: 'ims', value: many(n, (at) => ({ value: `v${at}` })) }]),
  ],
  [
    'values that have no value of their own',
    (n) =>
      patchUser([{ op: 'add', path: 'addresses', value: many(n, (at) => ({ region: `r${at}` })) }]),
  ],
  [
    'operations that each add a preferred value',
    (n) =>
      patchUser(
        many(n, (at) => ({ op: 'add', path: 'ims', value: [{ value: `v${at}`, primary: true }] })),
      ),
  ],
  [
    'operations with a filter on a value',
    (n) =>
      patchUser(
        many(n, (at) => ({
          op: 'replace',
          path: `emails[type eq "work" and value eq "p${at % 1000}@acme.test"].display`,
          value: `d${at}`,
        })),
      ),
  ],
  [
    'operations that remove a listed value',
    (n) =>
      patchUser(
        many(n, (at) => ({ op: 'remove', path: 'emails', value: [{ value: `p${at}@acme.test` }] })),
      ),
  ],
  [
    'operations on members',
    (n) =>
      patchGroup(
        { displayName: 'A' },
        readPatch('Group', {
          Operations: many(n, (at) => ({
            op: at % 3 === 0 ? 'remove' : 'add',
            path: 'members',
            value: [{ value: `u${at}` }],
          })),
        }),
      ),
  ],
  [
    'attributes that are asked for',
    (n) => {
      const asked = many(n, (at) => `emails.a${at}`).join(',');
      const projection = readProjection('User', `${asked},userName`, asked);
      const user = {
        id: '1',
        storeId: 's',
        version: 1,
        resource: { userName: 'ada', emails: many(20, (at) => ({ value: at })) },
        createdAt: new Date(0),
        updatedAt: new Date(0),
        pulledId: null,
      };
      return many(50, () =>
        presentUser(user, { baseUrl: '', groups: null, standing: null, projection }),
      );
    },
  ],
  [
    'digits of a path',
    (n) => refusedOrNot(() => parsePatchPath('User', `urn:a:${'1'.repeat(n * 8)}`)),
  ],
  [
    'colons of a path',
    (n) => refusedOrNot(() => parsePatchPath('User', `urn:${'a1:'.repeat(n * 8)}`)),
  ],
  [
    'escaped quotes of a filter',
    (n) => refusedOrNot(() => parseFilter(`a eq "${'\\"'.repeat(n / 2)}`)),
  ],
  ['combining marks of a text', (n) => foldText(`a${'\u0300\u0323'.repeat(n)}`)],
];

describe('the work of a request', () => {
  it.each(inputs)('grows no more than linearly with the %s', (_what, work) => {
    work(small);
    // A quadratic cost grows sixteenfold; below a few milliseconds, a clock shows nothing.
    const least = Math.max(
      timeOf(() => work(small)),
      5,
    );
    expect(timeOf(() => work(large)) / least).toBeLessThan(10);
  });

  it.each([
    ['part of a value', (at: number) => `emails[value co "p${at % 1000}@"].display`],
    ['a type that all have', () => 'emails[type eq "work"].display'],
    ['all values', () => 'emails.display'],
  ])('is refused beyond a budget where operations ask for %s', (_what, path) => {
    const operations = many(large, (at) => ({ op: 'replace', path: path(at), value: `d${at}` }));
    expect(() => patchUser(operations)).toThrow(expect.objectContaining({ scimType: 'tooMany' }));
    expect(patchUser(operations.slice(0, 20))).toHaveProperty('emails');
  });

  it('is refused for a list that no resource can have, and for too many operations', () => {
    const values = many(20_000, (at) => ({ value: `v${at}` }));
    expect(() => patchUser([{ op: 'add', path: 'ims', value: values }])).toThrow(
      expect.objectContaining({ status: 413 }),
    );
    const operations = many(5001, () => ({ op: 'replace', path: 'title', value: 'T' }));
    expect(() => patchUser(operations)).toThrow('5000');
    expect(patchUser(operations.slice(1))).toHaveProperty('title', 'T');
  });
});

describe('a patch', () => {
  it('keeps the order of the attributes, so that repeating it changes nothing', () => {
    const before = readResource('User', { userName: 'ada', title: 'A', nickName: 'N' });
    const patch = (value: string) =>
      applyPatch(
        'User',
        before,
        readPatch('User', { Operations: [{ op: 'replace', path: 'title', value }] }),
      );
    expect(JSON.stringify(patch('A'))).toBe(JSON.stringify(before));
    expect(Object.keys(patch('B'))).toEqual(Object.keys(before));
  });

  it('merges a value only with one of its type', () => {
    const add = { op: 'add', path: 'ims', value: [{ value: 'x', type: 'b', display: 'B' }] };
    const before = { userName: 'ada', ims: [{ value: 'x', type: 'a' }, { value: 'x' }] };
    const { ims } = applyPatch('User', before, readPatch('User', { Operations: [add, add] }));
    expect(ims).toEqual([
      { value: 'x', type: 'a' },
      { value: 'x', type: 'b', display: 'B' },
    ]);
  });
});

it('projections find whole and partial names, of extensions too', () => {
  const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const user = {
    id: '1',
    storeId: 's',
    version: 1,
    resource: {
      userName: 'ada',
      'dotted.name': 1,
      name: { givenName: 'A', familyName: 'L' },
      [department]: { department: 'E', division: 'D' },
    },
    createdAt: new Date(0),
    updatedAt: new Date(0),
    pulledId: null,
  };
  const shown = (only: unknown, without?: unknown) => {
    const projection = readProjection('User', only, without);
    const parts = { baseUrl: '', groups: null, standing: null, projection };
    const { schemas: _schemas, id: _id, meta: _meta, ...rest } = presentUser(user, parts);
    return rest;
  };
  expect(shown('NAME.givenName, dotted.name')).toEqual({
    'dotted.name': 1,
    name: { givenName: 'A' },
  });
  expect(
    shown(['urn:ietf:params:scim:schemas:core:2.0:User:name', `${department}:division`]),
  ).toEqual({ name: user.resource.name, [department]: { division: 'D' } });
  expect(shown(undefined, `name.familyName,dotted.name,${department}:division`)).toEqual({
    userName: 'ada',
    name: { givenName: 'A' },
    [department]: { department: 'E' },
  });
  expect(shown('name', 'name')).toEqual({});
});
