import fc from 'fast-check';
import type { Member } from '../../../../src/core/model/member.ts';
import type { Change, SyncRecord } from '../../../../src/core/model/record.ts';
import { memberFrom, patchOf } from '../../../../src/core/plan/apply-record.ts';
import { removalChanges } from '../../../../src/core/plan/diff.ts';
import { blankDraft } from '../../../../src/core/plan/draft.ts';
import { planUndo } from '../../../../src/core/plan/plan-undo.ts';
import { aMember } from '../../../builders/models.ts';
import { patchMember } from '../../../fakes/patch-member.ts';

const run2 = { id: 'run2', storeId: 'store1' };
const now = new Date('2026-02-02T00:00:00Z');

function applied(parts: Partial<SyncRecord>): SyncRecord {
  return {
    ...blankDraft({ runId: 'run1' }, 'u1', 'u1@acme.test'),
    memberId: 'store1.u1',
    seq: 1,
    status: 'applied',
    ...parts,
  };
}
const applyTo = (member: Member, record: SyncRecord) =>
  patchMember(member, { patch: patchOf(record), recordId: record.id, now });

const department = { field: 'department', from: 'IT', to: 'Sales' };
const deactivation: readonly Change[] = [
  { field: 'status', from: 'active', to: 'inactive' },
  { field: 'inactiveCause', from: null, to: 'suspended' },
];

describe('undoing a change', () => {
  it.each([{ storeId: 'store2' }, { externalId: 'u2' }])(
    'does not touch a member that belongs to another user by now: %j',
    (parts) => {
      const member = aMember({ fields: { department: 'Sales' }, ...parts });
      expect(planUndo(run2, applied({ changes: [department] }), member)).toMatchObject({
        status: 'reported',
        reason: expect.stringContaining('another user or directory store'),
      });
    },
  );

  it('restores each field that still has the value of the record', () => {
    const before = aMember({ fields: { email: 'u1@acme.test', department: 'IT' } });
    const record = applied({ changes: [department, ...deactivation] });
    const draft = planUndo(run2, record, applyTo(before, record));
    expect(draft).toMatchObject({
      id: 'run2.u1',
      action: 'reactivate',
      status: 'planned',
      fromRevision: 2,
      cause: null,
    });
    const back = applyTo(applyTo(before, record), { ...draft, seq: 1 });
    expect(back).toMatchObject({
      fields: before.fields,
      status: 'active',
      inactiveCause: null,
      revision: 3,
    });
  });

  it('leaves fields that were changed since, and names them', () => {
    const record = applied({
      changes: [department, { field: 'city', from: null, to: 'Bern' }],
    });
    const member = aMember({ fields: { department: 'Legal', city: 'Bern' } });
    expect(planUndo(run2, record, member)).toMatchObject({
      action: 'update',
      changes: [{ field: 'city', from: 'Bern', to: null }],
      reason: expect.stringContaining('department has changed since and stays'),
      risks: ['blank:city'],
    });
    const other = aMember({ fields: { department: 'Legal', city: 'Basel' } });
    expect(planUndo(run2, record, other)).toMatchObject({
      action: 'conflict',
      status: 'reported',
      changes: [],
    });
  });

  it('does not overrule a status that was set by hand meanwhile', () => {
    const record = applied({ changes: deactivation });
    const member = aMember({
      status: 'inactive',
      inactiveCause: 'suspended',
      statusBy: 'person',
    });
    expect(planUndo(run2, record, member)).toMatchObject({ status: 'reported' });
  });

  it('claims an address that it restores', () => {
    const record = applied({
      changes: [{ field: 'email', from: 'Old@acme.test', to: 'new@acme.test' }],
      claim: 'new@acme.test',
    });
    const member = aMember({ fields: { email: 'new@acme.test' }, emailKey: 'new@acme.test' });
    expect(planUndo(run2, record, member)).toMatchObject({
      claim: 'old@acme.test',
      risks: ['email:old@acme.test'],
    });
  });

  it('unlinks an adopted member', () => {
    const record = applied({
      action: 'adopt',
      changes: [
        { field: 'store', from: null, to: 'store1' },
        { field: 'externalId', from: null, to: 'u1' },
      ],
    });
    const draft = planUndo(run2, record, aMember());
    expect(applyTo(aMember(), { ...draft, seq: 1 })).toMatchObject({
      storeId: null,
      externalId: null,
    });
  });
});

describe('undoing a creation or a deletion', () => {
  it('removes a created member only if no other record ever wrote it', () => {
    const record = applied({ action: 'create', changes: [] });
    const untouched = aMember({ lastRecord: record.id });
    expect(planUndo(run2, record, untouched)).toMatchObject({
      action: 'delete',
      fromRevision: 1,
      risks: ['removal:undo'],
    });
    expect(planUndo(run2, record, aMember({ lastRecord: 'run9.u1' }))).toMatchObject({
      action: 'conflict',
      status: 'reported',
    });
    expect(planUndo(run2, record, null)).toMatchObject({ status: 'reported' });
  });

  it('restores a deleted member whole, under its old id', () => {
    const text = fc.string({ minLength: 1, maxLength: 8 });
    const members = fc.record({
      fields: fc.dictionary(fc.constantFrom('firstName', 'city', 'phone'), text),
      custom: fc.dictionary(fc.constantFrom('shirtSize', 'badge'), text),
      status: fc.constantFrom('active', 'inactive'),
      statusBy: fc.constantFrom('sync', 'person'),
      inactiveCause: fc.constantFrom(null, 'gone', 'suspended'),
      emailKey: fc.constantFrom(null, 'u1@acme.test'),
    });
    fc.assert(
      fc.property(members, (parts) => {
        const before = aMember({ ...(parts as Partial<Member>), lastRecord: 'run1.u1' });
        const record = applied({ action: 'delete', changes: removalChanges(before) });
        const draft = planUndo(run2, record, null);
        expect(draft.action).toBe('create');
        const back = memberFrom({ ...draft, seq: 1 } as SyncRecord, { storeId: 'store1', now });
        expect(back).toEqual({ ...before, lastRecord: draft.id, updatedAt: now });
      }),
    );
  });

  it('does not touch a member that has the id again', () => {
    const record = applied({ action: 'delete', changes: removalChanges(aMember()) });
    expect(planUndo(run2, record, aMember())).toMatchObject({ status: 'reported' });
  });
});
