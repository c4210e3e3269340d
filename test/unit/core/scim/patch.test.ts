import fc from 'fast-check';
import { applyPatch } from '../../../../src/core/scim/apply-patch.ts';
import { patchGroup } from '../../../../src/core/scim/group-patch.ts';
import { readPatch } from '../../../../src/core/scim/read-patch.ts';
import { readResource } from '../../../../src/core/scim/read-resource.ts';
import { ScimError } from '../../../../src/core/scim/scim-error.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const ada = readResource('User', {
  userName: 'ada',
  name: { givenName: 'Ada' },
  emails: [
    { value: 'a@x.test', type: 'work', primary: true },
    { value: 'urn:odd:b', type: 'home' },
  ],
});
const patch = (...Operations: readonly object[]) =>
  applyPatch('User', ada, readPatch('User', { Operations }));

describe('a patch of a user', () => {
  it.each([
    [
      'a value that looks like a URN',
      { op: 'replace', path: 'emails[value eq "urn:odd:b"].type', value: 'other' },
      { emails: [{}, { value: 'urn:odd:b', type: 'other' }] },
    ],
    [
      'a listed value by what is named of it',
      { op: 'remove', path: 'emails', value: [{ value: 'A@X.test' }] },
      { emails: [{ value: 'urn:odd:b' }] },
    ],
    [
      'a new preferred value takes that from the others',
      { op: 'replace', path: 'emails[type eq "home"].primary', value: 'True' },
      { emails: [{ primary: false }, { primary: true }] },
    ],
    [
      'an added value that is there takes what is new',
      { op: 'add', path: 'emails', value: [{ value: 'a@x.test', display: 'A' }] },
      { emails: [{ value: 'a@x.test', type: 'work', display: 'A' }, {}] },
    ],
    [
      'a value that two conditions describe is made',
      { op: 'add', path: 'addresses[type eq "work" and primary eq true].locality', value: 'Bonn' },
      { addresses: [{ type: 'work', primary: true, locality: 'Bonn' }] },
    ],
    [
      'a whole complex value keeps the rest',
      { op: 'replace', path: 'name', value: { familyName: 'L' } },
      { name: { givenName: 'Ada', familyName: 'L' } },
    ],
    [
      'null takes away',
      { op: 'replace', path: 'name', value: { givenName: null, familyName: 'L' } },
      { name: { familyName: 'L' } },
    ],
  ])('%s', (_what, operation, expected) => {
    expect(patch(operation)).toMatchObject(expected);
    expect(patch(operation, operation)).toEqual(patch(operation));
  });

  it('removes what becomes blank, lists and extensions too', () => {
    const after = patch(
      { op: 'add', path: `${enterprise}:department`, value: 'X' },
      { op: 'remove', path: `${enterprise}:department` },
      { op: 'remove', path: 'emails[value pr]' },
      { op: 'replace', path: 'name.givenName', value: '' },
    );
    expect(after).toEqual({ userName: 'ada', active: true });
  });

  it('does not reach beyond the resource', () => {
    const add = (path: string) => () => patch({ op: 'add', path, value: 'yes' });
    expect(add('__proto__.polluted')).toThrow(ScimError);
    expect(add('constructor.prototype.polluted')).toThrow(ScimError);
    expect(Object.keys(add('constructor')())).toContain('constructor');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a patch of a group', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const operation = fc.oneof(
    fc.record({
      op: fc.constantFrom('add', 'remove', 'replace'),
      path: fc.constant('members'),
      value: fc.array(id.map((value) => ({ value }))),
    }),
    fc.record({
      op: fc.constant('remove'),
      path: id.map((value) => `members[value eq "${value}"]`),
    }),
    fc.constant({ op: 'remove', path: 'members' }),
  );

  it('has the same result as one operation after the other', () => {
    fc.assert(
      fc.property(fc.array(id), fc.array(operation, { minLength: 1 }), (start, Operations) => {
        const change = (members: ReadonlySet<string>, operations: readonly object[]) => {
          const steps = readPatch('Group', { Operations: operations });
          const { clear, join, leave } = patchGroup({ displayName: 'A' }, steps).members;
          const left = [...members].filter((each) => !clear && !leave.has(each));
          return new Set([...left, ...join]);
        };
        const together = change(new Set(start), Operations);
        const oneByOne = Operations.reduce<ReadonlySet<string>>(
          (members, each) => change(members, [each]),
          new Set(start),
        );
        expect([...together].toSorted()).toEqual([...oneByOne].toSorted());
      }),
    );
  });
});
