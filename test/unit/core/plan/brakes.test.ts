import fc from 'fast-check';
import { brakesOf, noRisks, type RiskCounts } from '../../../../src/core/plan/brakes.ts';
import { risksOf } from '../../../../src/core/plan/risks.ts';
import { defaultSafeguards } from '../../../../src/core/store-file/default-config.ts';

const held = (
  planned: Partial<RiskCounts>,
  { active = 100, earlier = {} as Partial<RiskCounts>, safeguards = defaultSafeguards } = {},
): readonly string[] =>
  brakesOf({
    planned: { ...noRisks, ...planned },
    earlier: { ...noRisks, ...earlier },
    active,
    safeguards,
  }).map(({ risk }) => risk);

describe('the risks of a record', () => {
  it('are a removal with its cause, an e-mail that moves, and each field that becomes blank', () => {
    const changes = [
      { field: 'email', from: 'ada@acme.test', to: 'ada@new.test' },
      { field: 'department', from: 'IT', to: null },
      { field: 'jobTitle', from: null, to: 'Engineer' },
      { field: 'status', from: 'active', to: 'inactive' },
      { field: 'inactiveCause', from: null, to: 'suspended' },
    ];
    expect(risksOf({ action: 'deactivate', cause: 'suspended', changes })).toEqual([
      'removal:suspended',
      'email:ada@new.test',
      'blank:department',
    ]);
  });

  it('are none for a new member, a mark that is removed, or an address in other letters’ case', () => {
    const changes = [
      { field: 'inactiveCause', from: 'gone', to: null },
      { field: 'email', from: 'Ada@acme.test', to: 'ada@ACME.test' },
    ];
    expect(risksOf({ action: 'update', cause: null, changes })).toEqual([]);
    const status = [{ field: 'status', from: null, to: 'inactive' }];
    expect(risksOf({ action: 'create', cause: null, changes: status })).toEqual([]);
  });

  it('are a removal for a deletion, of an inactive member too, and for an undo', () => {
    expect(risksOf({ action: 'delete', cause: 'gone', changes: [] })).toEqual(['removal:gone']);
    const changes = [{ field: 'status', from: 'active', to: 'inactive' }];
    expect(risksOf({ action: 'deactivate', cause: null, changes })).toEqual(['removal:undo']);
  });
});

describe('the brakes', () => {
  it('hold above the larger of floor and percentage, and not at it', () => {
    expect(held({ removals: 20 })).toEqual([]);
    expect(held({ removals: 21 })).toEqual(['removal:']);
    expect(held({ removals: 5 }, { active: 10 })).toEqual([]);
    expect(held({ removals: 6 }, { active: 10 })).toEqual(['removal:']);
    expect(held({ emailChanges: 10 })).toEqual([]);
    expect(held({ emailChanges: 11 })).toEqual(['email:']);
  });

  it('say a limit as the most that may change', () => {
    const planned = { ...noRisks, removals: 957 };
    const question = { planned, earlier: noRisks, active: 4784, safeguards: defaultSafeguards };
    expect(brakesOf(question).map(({ reason }) => reason)).toEqual([
      'held: 957 removals in one run, over the limit of 956',
    ]);
  });

  it('count blanks by field and hold only those of the field', () => {
    expect(held({ blanks: { department: 11, phone: 10 } })).toEqual(['blank:department']);
  });

  it('count the records of the window, so that slow losses are seen', () => {
    // 12 of 100 are gone, so 88 are active: the window began with 100.
    const earlier = { removals: 12, activeRemovals: 12 };
    expect(held({ removals: 8 }, { active: 88, earlier })).toEqual([]);
    expect(held({ removals: 9 }, { active: 88, earlier })).toEqual(['removal:']);
    expect(held({ emailChanges: 2 }, { earlier: { emailChanges: 9 } })).toEqual(['email:']);
    expect(held({ blanks: { city: 2 } }, { earlier: { blanks: { phone: 9 } } })).toEqual([]);
    expect(held({ blanks: { city: 2 } }, { earlier: { blanks: { city: 9 } } })).toEqual([
      'blank:city',
    ]);
  });

  it('hold removals when no active member of two or more would remain', () => {
    expect(held({ removals: 2, activeRemovals: 2 }, { active: 2 })).toEqual(['removal:']);
    expect(held({ removals: 1, activeRemovals: 1 }, { active: 2 })).toEqual([]);
    expect(held({ removals: 1, activeRemovals: 1 }, { active: 1 })).toEqual([]);
  });

  it('hold nothing that isn’t planned, and never less when more is planned', () => {
    const counts = fc.record({ removals: fc.nat(60), emailChanges: fc.nat(60) });
    fc.assert(
      fc.property(counts, counts, fc.nat(200), (planned, earlier, active) => {
        const brakes = held(planned, { active, earlier });
        expect(brakes.includes('removal:') && planned.removals === 0).toBe(false);
        const more = { ...planned, removals: planned.removals + 1 };
        expect(held(more, { active, earlier })).toEqual(expect.arrayContaining([...brakes]));
      }),
    );
  });
});
