import { FAULTS } from '../../src/simulator/faults/faults.ts';
import { type Installation, install } from './processes.ts';

interface Report {
  readonly ok: boolean;
  readonly rehearsal: {
    readonly faults: readonly { readonly fault: string; readonly broken: readonly unknown[] }[];
    readonly invariants: readonly {
      readonly invariant: string;
      readonly held: number;
      readonly of: number;
    }[];
  };
}

let site: Installation;

beforeAll(async () => {
  site = await install({ users: 1, groups: 0 });
});
afterAll(() => site.close());

describe('doctor --rehearse', () => {
  it('rehearses every fault on a real database, and every invariant holds under each', async () => {
    await site.serve('worker');
    const { ok, rehearsal } = await site.ask<Report>(['doctor', '--rehearse']);
    expect(rehearsal.faults.filter(({ broken }) => broken.length > 0)).toEqual([]);
    expect(rehearsal.faults.map(({ fault }) => fault)).toEqual(FAULTS.map(({ name }) => name));
    expect(rehearsal.invariants).toHaveLength(8);
    for (const { held, of } of rehearsal.invariants) {
      expect({ held, of }).toEqual({ held: FAULTS.length, of: FAULTS.length });
    }
    expect(ok).toBe(true);
    expect(await site.ask(['store', 'list'])).toEqual([]);
  });
});
