import fc from 'fast-check';
import { type FieldName, memberFields } from '../../../../src/core/model/fields.ts';
import type { Member } from '../../../../src/core/model/member.ts';
import { memberFrom, patchOf } from '../../../../src/core/plan/apply-record.ts';
import { diffFields, fieldOf, removalChanges } from '../../../../src/core/plan/diff.ts';
import { aMember } from '../../../builders/models.ts';
import { patchMember } from '../../../fakes/patch-member.ts';

const now = new Date('2026-02-01T00:00:00Z');
const value = fc.option(fc.string({ minLength: 1, maxLength: 4 }), { nil: null });
const fieldName: fc.Arbitrary<FieldName> = fc.constantFrom<FieldName>(
  ...memberFields,
  'custom.shirtSize',
  'custom.ShirtSize',
);
const desired = fc.dictionary(fieldName, value) as fc.Arbitrary<
  Partial<Record<FieldName, string | null>>
>;

function apply(member: Member, wanted: Partial<Record<FieldName, string | null>>): Member {
  const changes = diffFields(member, wanted);
  return patchMember(member, {
    patch: patchOf({ changes, claim: null, fingerprint: null }),
    recordId: 'r',
    now,
  });
}

describe('a diff, applied', () => {
  it('sets every wanted field, leaves the others, and is then empty', () => {
    fc.assert(
      fc.property(desired, desired, (first, second) => {
        const before = apply(aMember(), first);
        const after = apply(before, second);
        for (const field of [...memberFields, 'custom.shirtSize', 'custom.ShirtSize'] as const) {
          const wanted = field in second ? (second[field] ?? null) : fieldOf(before, field);
          expect(fieldOf(after, field)).toBe(wanted);
        }
        expect(diffFields(after, second)).toEqual([]);
      }),
    );
  });

  it('leaves blank fields out instead of storing an empty key', () => {
    const member = apply(aMember({ fields: { email: 'a@b.c', city: 'Pune' } }), { city: null });
    expect(member.fields).toEqual({ email: 'a@b.c' });
  });

  it('takes a custom field as blank even if JavaScript has a property of that name', () => {
    const wanted = { 'custom.toString': null, 'custom.constructor': null };
    expect(diffFields(aMember(), wanted)).toEqual([]);
  });

  it('lists fields in the order people read them', () => {
    const changes = diffFields(null, {
      'custom.a': '1',
      country: 'IN',
      email: 'a@b.c',
      firstName: 'A',
    });
    expect(changes.map(({ field }) => field)).toEqual([
      'email',
      'firstName',
      'country',
      'custom.a',
    ]);
  });

  it('undoes itself: blanking all of a member leaves no field', () => {
    fc.assert(
      fc.property(desired, (wanted) => {
        const member = apply(aMember(), wanted);
        const patch = patchOf({ changes: removalChanges(member), claim: null, fingerprint: null });
        const blank = patchMember(member, { patch, recordId: 'r', now });
        expect([blank.fields, blank.custom]).toEqual([{}, {}]);
      }),
    );
  });
});

describe('a create record', () => {
  it('creates the member of its changes, and refuses to create one without an id', () => {
    const record = {
      id: 'run1.u1',
      memberId: 'store1.u1',
      externalId: 'u1',
      claim: 'u1@acme.test',
      fingerprint: 'f1',
      changes: [
        { field: 'email', from: null, to: 'U1@acme.test' },
        { field: 'custom.badge', from: null, to: '7' },
        { field: 'status', from: null, to: 'inactive' },
        { field: 'inactiveCause', from: null, to: 'suspended' },
      ],
    };
    expect(memberFrom(record, { storeId: 'store1', now })).toMatchObject({
      id: 'store1.u1',
      status: 'inactive',
      statusBy: 'sync',
      inactiveCause: 'suspended',
      fields: { email: 'U1@acme.test' },
      custom: { badge: '7' },
      emailKey: 'u1@acme.test',
      fingerprint: 'f1',
      revision: 1,
      lastRecord: 'run1.u1',
    });
    expect(() => memberFrom({ ...record, memberId: null }, { storeId: null, now })).toThrow(
      'without an id',
    );
  });

  it('is refused when it changes a field that no member has', () => {
    const changes = [{ field: 'shoeSize', from: null, to: '44' }];
    expect(() => patchOf({ changes, claim: null, fingerprint: null })).toThrow("'shoeSize'");
  });
});
