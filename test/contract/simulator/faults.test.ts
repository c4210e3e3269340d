import { FAULT_KINDS, FAULTS } from '../../../src/simulator/faults/faults.ts';
import { ask, askUsers, simulatorsPerTest, walk } from './asking.ts';

const start = simulatorsPerTest();

describe('setting faults', () => {
  it('combines several, and ends them', async () => {
    const simulator = await start({ faults: ['withhold-rows', 'lying-total-low=5'] });
    expect(await askUsers(simulator)).toMatchObject({ totalCount: 45 });
    expect(await walk(simulator)).toHaveLength(45);
    simulator.setFaults(['withhold-rows=10', 'subset-listing=25']);
    expect(await walk(simulator)).toHaveLength(44);
    simulator.setFaults([]);
    expect(await walk(simulator)).toEqual(simulator.people.ids);
  });

  it.each([
    ['shift-lft', 'Did you mean shift-left?'],
    ['toString', 'There is no fault "toString".'],
    ['forbidden=3', 'takes no number'],
    ['server-errors=often', 'a whole number'],
  ])('refuses %s', async (fault, words) => {
    await expect(start({ faults: [fault] })).rejects.toThrow(words);
    const simulator = await start({ faults: ['forbidden'] });
    expect(() => simulator.setFaults([fault])).toThrow(words);
    expect((await ask(simulator, '/api/organizations')).status).toBe(403);
  });

  it('describes every fault in one line', () => {
    for (const { name, description } of FAULTS) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(description).toMatch(/^[^\n]{10,110}\.$/);
    }
  });

  it('sorts every fault by kind', () => {
    const ofKind = (wanted: string) =>
      FAULTS.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    const kinds = Object.keys(FAULT_KINDS);
    expect(kinds.flatMap(ofKind).toSorted()).toEqual(FAULTS.map(({ name }) => name).toSorted());
    expect(ofKind('refuses')).toEqual(['unauthorized', 'unauthorized-midway', 'login-redirect']);
    expect(ofKind('fails')).toEqual(expect.arrayContaining(['always-500', 'hang', 'retry-after']));
    expect(ofKind('lies')).toEqual(
      expect.arrayContaining(['empty-listing', 'by-id-all-404', 'group-members-cut']),
    );
    expect(ofKind('odd')).toEqual(
      expect.arrayContaining(['null-rows', 'staged-flip', 'unicode-twins']),
    );
  });
});
