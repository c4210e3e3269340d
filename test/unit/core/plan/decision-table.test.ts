import type { MemberStatus } from '../../../../src/core/model/member.ts';
import type { StatusSync } from '../../../../src/core/model/store-config.ts';
import { decide, type SourceStatus, type Step } from '../../../../src/core/plan/decision-table.ts';
import { statusSync } from '../../../builders/models.ts';

type Case = readonly [SourceStatus, MemberStatus | 'none', Partial<StatusSync>, Step];

/** The table of docs/architecture.md, written out by hand. */
const reflected: readonly Case[] = [
  ['out-of-scope', 'none', {}, 'keep'],
  ['out-of-scope', 'active', { outOfScope: 'deactivate' }, 'deactivate'],
  ['out-of-scope', 'active', { outOfScope: 'keep' }, 'keep'],
  ['out-of-scope', 'inactive', { outOfScope: 'deactivate' }, 'keep'],
  ['ACTIVATED', 'none', {}, 'create-active'],
  ['ACTIVATED', 'active', {}, 'update'],
  ['ACTIVATED', 'inactive', {}, 'reactivate'],
  ['SUSPENDED', 'none', { deactivated: 'deactivate' }, 'create-inactive'],
  ['SUSPENDED', 'none', { deactivated: 'delete' }, 'skip'],
  ['SUSPENDED', 'active', { deactivated: 'deactivate' }, 'deactivate'],
  ['SUSPENDED', 'active', { deactivated: 'delete' }, 'delete'],
  ['SUSPENDED', 'inactive', { deactivated: 'deactivate' }, 'update'],
  ['SUSPENDED', 'inactive', { deactivated: 'delete' }, 'delete'],
  ['STAGED', 'none', { staged: 'skip' }, 'skip'],
  ['STAGED', 'none', { staged: 'inactive' }, 'create-inactive'],
  ['STAGED', 'active', { staged: 'skip' }, 'update'],
  ['STAGED', 'active', { staged: 'inactive' }, 'deactivate'],
  ['STAGED', 'inactive', { staged: 'inactive' }, 'update'],
  ['gone', 'none', {}, 'keep'],
  ['gone', 'active', { deleted: 'deactivate' }, 'deactivate'],
  ['gone', 'active', { deleted: 'delete' }, 'delete'],
  ['gone', 'inactive', { deleted: 'deactivate' }, 'mark-gone'],
  ['gone', 'inactive', { deleted: 'delete' }, 'delete'],
];

const ignored: readonly Case[] = [
  ['out-of-scope', 'active', {}, 'keep'],
  ['ACTIVATED', 'none', {}, 'create-active'],
  ['ACTIVATED', 'active', {}, 'update'],
  ['ACTIVATED', 'inactive', {}, 'update'],
  ['SUSPENDED', 'none', { deactivated: 'delete' }, 'create-inactive'],
  ['SUSPENDED', 'active', { deactivated: 'delete' }, 'update'],
  ['SUSPENDED', 'inactive', { deactivated: 'delete' }, 'update'],
  ['STAGED', 'none', { staged: 'skip' }, 'skip'],
  ['STAGED', 'none', { staged: 'inactive' }, 'create-inactive'],
  ['STAGED', 'active', { staged: 'inactive' }, 'update'],
  ['gone', 'active', { deleted: 'delete' }, 'keep'],
  ['gone', 'inactive', { deleted: 'delete' }, 'keep'],
];

describe('the decision table', () => {
  it.each(reflected)(
    'reflects %s for a member that is %s (%j): %s',
    (source, member, parts, step) => {
      expect(decide(source, member, { ...statusSync, ...parts })).toBe(step);
    },
  );

  it.each(ignored)('ignores %s for a member that is %s (%j): %s', (source, member, parts, step) => {
    expect(decide(source, member, { ...statusSync, ...parts, mode: 'ignore' })).toBe(step);
  });

  it('removes no member while status sync is ignored', () => {
    const parts = { deactivated: 'delete', deleted: 'delete', staged: 'inactive' } as const;
    const ignoring = { ...statusSync, ...parts, mode: 'ignore' } as const;
    const sources = ['ACTIVATED', 'SUSPENDED', 'STAGED', 'out-of-scope', 'gone'] as const;
    for (const source of sources) {
      for (const member of ['none', 'active', 'inactive'] as const) {
        const step = decide(source, member, ignoring);
        expect(['deactivate', 'delete', 'mark-gone']).not.toContain(step);
      }
    }
  });
});
