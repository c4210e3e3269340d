import type { Simulator } from '../../../src/simulator/simulator.ts';
import { ask, askIds, askUsers, simulatorsPerTest, walk } from './asking.ts';

const start = simulatorsPerTest();

async function statusesById(simulator: Simulator, ids = simulator.people.ids) {
  const replies = await Promise.all(ids.map((id) => ask(simulator, `/api/systemusers/${id}`)));
  return new Set(replies.map(({ status }) => status));
}

describe('faults of the listing', () => {
  it('empty-listing: the listing is empty, each user answers by id', async () => {
    const simulator = await start({ faults: ['empty-listing'] });
    expect(await askUsers(simulator)).toEqual({ results: [], totalCount: 0 });
    expect(await statusesById(simulator)).toEqual(new Set([200]));
  });

  it('lying-total-high and lying-total-low: the total is off, by five or by the given number', async () => {
    const totals: number[] = [];
    for (const fault of ['lying-total-high', 'lying-total-low', 'lying-total-low=9']) {
      const simulator = await start({ faults: [fault] });
      totals.push((await askUsers(simulator)).totalCount);
      expect(await walk(simulator)).toEqual(simulator.people.ids);
    }
    expect(totals).toEqual([55, 45, 41]);
  });

  it('withhold-rows: always the same users are missing, though counted and found by id', async () => {
    const simulator = await start({ faults: ['withhold-rows=20'] });
    const listed = await walk(simulator);
    expect(listed).toHaveLength(48);
    expect(await walk(simulator, 7)).toEqual(listed);
    expect((await askUsers(simulator)).totalCount).toBe(50);
    expect(await statusesById(simulator)).toEqual(new Set([200]));
    const few = await start({ users: 3, faults: ['withhold-rows'] });
    expect(await walk(few)).toHaveLength(2);
  });

  it('subset-listing: they are not even counted', async () => {
    const simulator = await start({ faults: ['subset-listing'] });
    expect(await walk(simulator)).toHaveLength(45);
    expect((await askUsers(simulator)).totalCount).toBe(45);
    expect(await statusesById(simulator)).toEqual(new Set([200]));
  });

  it('cut-listing: rows end early, the total is true', async () => {
    const simulator = await start({ faults: ['cut-listing=25'] });
    expect(await walk(simulator)).toEqual(simulator.people.ids.slice(0, 25));
    expect((await askUsers(simulator)).totalCount).toBe(50);
  });

  it('filter-refused and ignore-filter: no search by a field', async () => {
    const search = 'filter=email:$eq:nobody@nowhere.example';
    const refusing = await start({ faults: ['filter-refused'] });
    expect((await ask(refusing, `/api/systemusers?${search}`)).status).toBe(400);
    expect((await ask(refusing, '/api/systemusers')).status).toBe(200);
    const ignoring = await start({ faults: ['ignore-filter'] });
    expect(await askUsers(ignoring, search)).toMatchObject({ totalCount: 50 });
  });

  it('dropped-rows: so many in a hundred are missing, others each time, as the seed determines', async () => {
    const simulator = await start({ users: 200, faults: ['dropped-rows=20'] });
    const listed = await walk(simulator);
    expect(listed.length).toBeGreaterThan(120);
    expect(listed.length).toBeLessThan(190);
    expect((await askUsers(simulator)).totalCount).toBe(200);
    expect(await walk(simulator)).not.toEqual(listed);
    simulator.setFaults(['dropped-rows=20']);
    expect(await walk(simulator)).toEqual(listed);
    expect(await statusesById(simulator)).toEqual(new Set([200]));
  });

  it('repeated-rows: pages after the first repeat rows of the page before', async () => {
    const simulator = await start({ faults: ['repeated-rows=20'] });
    const { ids } = simulator.people;
    expect(await askIds(simulator, 'sort=_id&limit=20')).toEqual(ids.slice(0, 20));
    const second = await askIds(simulator, 'sort=_id&limit=20&skip=20');
    expect(second.filter((id) => ids.indexOf(id) >= 20)).toEqual(ids.slice(20, 40));
    const repeated = second.filter((id) => ids.indexOf(id) < 20);
    expect(repeated.length).toBeGreaterThan(0);
    expect(new Set(await walk(simulator))).toEqual(new Set(ids));
    expect((await askUsers(simulator)).totalCount).toBe(50);
  });

  it('ignore-sort: the order is arbitrary', async () => {
    const simulator = await start({ faults: ['ignore-sort'] });
    const ids = await askIds(simulator);
    expect(ids).not.toEqual(simulator.people.ids);
    expect(ids.toSorted()).toEqual(simulator.people.ids);
  });

  it('ignore-skip: every page is the first', async () => {
    const simulator = await start({ faults: ['ignore-skip'] });
    expect(await askIds(simulator, 'sort=_id&skip=40')).toEqual(simulator.people.ids.slice(0, 10));
  });

  it('seam-withheld: the rows at the border between pages are on neither', async () => {
    const simulator = await start({ faults: ['seam-withheld'] });
    const { ids } = simulator.people;
    expect(await askIds(simulator, 'sort=_id&limit=20')).toEqual(ids.slice(0, 19));
    expect(await askIds(simulator, 'sort=_id&limit=20&skip=19')).toEqual(ids.slice(20, 38));
    expect(await askIds(simulator, 'sort=_id&limit=20&skip=38')).toEqual(ids.slice(39));
  });

  it('short-pages: null records take up space, in listings of users and of members', async () => {
    const simulator = await start({ users: 100, faults: ['short-pages'] });
    const pages = await Promise.all(
      [0, 50, 100].map((skip) => askIds(simulator, `sort=_id&limit=50&skip=${skip}`)),
    );
    expect(pages.map((page) => page.length)).toEqual([45, 45, 10]);
    expect(pages.flat()).toEqual(simulator.people.ids);
    expect((await askUsers(simulator)).totalCount).toBe(111);
    expect(await askIds(simulator, 'sort=_id&limit=1&skip=9')).toEqual([]);
    const group = simulator.people.groups.create('Everybody');
    for (const id of simulator.people.ids) simulator.people.groups.addMember(group.id, id);
    const reply = await ask(simulator, `/api/v2/usergroups/${group.id}/members?limit=100`);
    expect(JSON.parse(reply.text)).toHaveLength(90);
    expect(reply.headers.get('x-total-count')).toBe('111');
  });

  it('null-rows: there are nulls among the rows, in listings of users and of members', async () => {
    const simulator = await start({ users: 100, faults: ['null-rows'] });
    const { people } = simulator;
    const pages = await Promise.all(
      [0, 50, 100, 150].map((skip) => askUsers(simulator, `sort=_id&limit=50&skip=${skip}`)),
    );
    const rows: readonly unknown[] = pages.flatMap(({ results }) => results);
    expect(rows).toHaveLength(111);
    expect(rows.flatMap((row, place) => (row === null ? [place] : []))).toEqual(
      Array.from({ length: 11 }, (_, index) => index * 10 + 9),
    );
    expect(rows.filter((row) => row !== null)).toMatchObject(people.ids.map((_id) => ({ _id })));
    expect(pages.map(({ totalCount }) => totalCount)).toEqual([111, 111, 111, 111]);
    expect((await askUsers(simulator, 'sort=_id&limit=1&skip=9')).results).toEqual([null]);
    const group = people.groups.create('Everybody');
    for (const id of people.ids) people.groups.addMember(group.id, id);
    const reply = await ask(simulator, `/api/v2/usergroups/${group.id}/members?limit=100`);
    const members = JSON.parse(reply.text) as unknown[];
    expect(members.filter((member) => member === null)).toHaveLength(10);
    expect(members).toHaveLength(100);
    expect(reply.headers.get('x-total-count')).toBe('111');
  });

  it('duplicate-row: each page lists one row twice, within its limit', async () => {
    const simulator = await start({ faults: ['duplicate-row'] });
    const [first = '', second = ''] = simulator.people.ids;
    expect(await askIds(simulator, 'sort=_id&limit=3')).toEqual([first, first, second]);
  });
});
