import { askJson, askUsers, simulatorsPerTest, walk } from './asking.ts';

const start = simulatorsPerTest();

describe('changes of the directory at the worst time', () => {
  it('shift-left: once, a user on the first page is deleted and a naive listing misses another', async () => {
    const simulator = await start({ faults: ['shift-left'] });
    const before = [...simulator.people.ids];
    const listed = await walk(simulator);
    expect(simulator.people.size).toBe(49);
    expect(before.filter((id) => !listed.includes(id))).toEqual([before[20]]);
    expect(await walk(simulator)).toEqual(before.slice(1));
  });

  it('shift-right: once, a user is added before and a naive listing contains one twice', async () => {
    const simulator = await start({ faults: ['shift-right'] });
    const before = [...simulator.people.ids];
    const listed = await walk(simulator);
    expect(simulator.people.size).toBe(51);
    expect(listed.filter((id, at) => listed.indexOf(id) !== at)).toEqual([before[19]]);
    expect(await walk(simulator)).toEqual(simulator.people.ids);
  });

  it('hire-midway: once, a user is added while the listing goes on', async () => {
    const simulator = await start({ faults: ['hire-midway'] });
    expect(await walk(simulator)).toHaveLength(51);
    expect(await walk(simulator)).toHaveLength(51);
  });

  it('swapped-emails: once, two users swap addresses, so that a listing contains one address twice', async () => {
    const simulator = await start({ faults: ['swapped-emails'] });
    const { people } = simulator;
    const [first = '', last = ''] = [people.ids[0], people.ids.at(-1)];
    const [firstEmail, lastEmail] = [people.get(first).email, people.get(last).email];
    const page = await askUsers(simulator, 'sort=_id&limit=20');
    expect(page.results[0]?.email).toBe(firstEmail);
    const { results } = await askUsers(simulator, 'sort=_id&limit=20&skip=40');
    expect(results.at(-1)?.email).toBe(firstEmail);
    expect(people.get(first).email).toBe(lastEmail);
    await walk(simulator);
    expect(people.get(first).email).toBe(lastEmail);
  });

  it.each([
    ['staged-flip', 'STAGED'],
    ['suspended-flip', 'SUSPENDED'],
  ])('%s: one user is %s at every other request, by id too', async (fault, state) => {
    const simulator = await start({ faults: [fault] });
    const id = simulator.people.ids[3] ?? '';
    simulator.people.activate(id);
    for (const expected of [state, 'ACTIVATED', state]) {
      const { results } = await askUsers(simulator, 'sort=_id&limit=20');
      expect(results[3]?.state).toBe(expected);
      await askUsers(simulator, 'sort=_id&limit=20&skip=20');
      await askUsers(simulator, 'filter=department:$eq:Sales');
      expect(await askJson(simulator, `/api/systemusers/${id}`)).toMatchObject({ state: expected });
    }
    simulator.people.remove(id);
    expect(await walk(simulator)).toHaveLength(49);
  });
});
