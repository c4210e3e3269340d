import fc from 'fast-check';
import type { Answer, ApiRequest } from '../../../src/simulator/api/answer.ts';
import { FAULTS } from '../../../src/simulator/faults/faults.ts';
import { World } from '../../../src/simulator/world.ts';

function requestTo(world: World, target: string): ApiRequest {
  const [method = '', location = ''] = target.split(' ');
  const { pathname, searchParams } = new URL(location, 'http://simulator');
  const headers = { 'x-api-key': world.apiKey };
  return { method, path: pathname, query: searchParams, headers, body: '' };
}

/** Every route, for an existing user, an unknown one, and an invalid id. */
function targetsOf({ people }: World, gone: string): readonly string[] {
  const group = people.groups.all()[0]?.id ?? gone;
  const listings = ['', 'limit=2', 'sort=_id&limit=2&skip=1', 'sort=_id&limit=100', 'fields=email'];
  const refused = ['limit=101', 'limit=many', 'skip=-1', 'filter=email'];
  const searches = ['filter=email:$eq:x', 'search[searchTerm]=a&search[fields]=email'];
  return [
    'GET /api/organizations',
    ...[...listings, ...refused, ...searches].map((query) => `GET /api/systemusers?${query}`),
    'GET /api/systemusers/',
    'POST /api/search/systemusers',
    ...[people.ids[0], people.ids.at(-1), gone, 'nobody'].flatMap((id) => [
      `GET /api/systemusers/${id}`,
      `GET /api/systemusers/${id}?fields=email`,
      `GET /api/v2/users/${id}/memberof`,
    ]),
    'GET /api/v2/usergroups?limit=1&skip=1',
    ...[group, gone].flatMap((id) => [
      `GET /api/v2/usergroups/${id}`,
      `GET /api/v2/usergroups/${id}/members`,
      `GET /api/v2/usergroups/${id}/membership?limit=1`,
    ]),
    'PUT /api/systemusers',
    'GET /api/nowhere',
  ];
}

interface Scene {
  readonly faults: readonly string[];
  readonly users: number;
  readonly seed: number;
}

/**
 * Sends all requests, removes and adds users, and sends them again: the users that faults chose may
 * be gone.
 */
function askEverything({ faults, users, seed }: Scene): readonly Answer[] {
  const world = new World({ users, groups: 2, seed, faults, now: () => 0 });
  const { people } = world;
  const answers: Answer[] = [];
  const askAll = (gone: string) => {
    for (const target of targetsOf(world, gone))
      answers.push(world.answer(requestTo(world, target)));
  };
  askAll('0'.repeat(24));
  const leavers = [people.ids[3], people.ids[0]].filter((id) => id !== undefined);
  for (const id of leavers) people.remove(id);
  askAll(leavers[0] ?? '0'.repeat(24));
  people.hireMany(2);
  askAll(leavers[1] ?? '0'.repeat(24));
  return answers;
}

/** Sends the requests that return rows, more than ten and more than one page of them. */
function askForRows(faults: readonly string[]): void {
  const world = new World({ users: 21, groups: 1, faults });
  const listing = 'GET /api/systemusers?sort=_id&limit=12&skip=';
  const byId = `GET /api/systemusers/${world.people.ids[0]}`;
  const members = `GET /api/v2/usergroups/${world.people.groups.all()[0]?.id}/members`;
  for (const target of [`${listing}0`, `${listing}11`, byId, members]) {
    world.answer(requestTo(world, target));
  }
}

const anyFault = fc
  .tuple(fc.constantFrom(...FAULTS), fc.constantFrom(null, 0, 1, 2, 7, 150))
  .map(([{ name, amount }, n]) => (amount === null || n === null ? name : `${name}=${n}`));

const anyScene: fc.Arbitrary<Scene> = fc.record({
  faults: fc.array(anyFault, { minLength: 1, maxLength: 8 }),
  users: fc.constantFrom(0, 1, 2, 5, 30),
  seed: fc.integer({ min: 0, max: 999_999_999 }),
});

describe('faults set together', () => {
  it('never keep the simulator from answering, and are the same for the same seed', () => {
    fc.assert(
      fc.property(anyScene, (scene) => {
        expect(askEverything(scene)).toEqual(askEverything(scene));
      }),
      { seed: 20_260_801, numRuns: 150 },
    );
  });

  it.each(FAULTS.map(({ name, amount }) => [name, amount] as const))(
    '%s can be set alone, with any directory and number',
    (name, amount) => {
      for (const users of [0, 1, 2]) {
        for (const fault of amount === null ? [name] : [name, `${name}=0`, `${name}=999999999`]) {
          expect(() => askEverything({ faults: [fault], users, seed: 1 })).not.toThrow();
        }
      }
    },
  );

  const untrueOrOdd = FAULTS.filter(({ kind }) => kind === 'lies' || kind === 'odd').map(
    ({ name }) => name,
  );
  it.each(untrueOrOdd)('%s accepts the rows of every other fault', (outer) => {
    for (const inner of untrueOrOdd) {
      expect(() => askForRows([outer, inner])).not.toThrow();
    }
  });

  it('fail the same requests with any other faults, and others with another seed', () => {
    const failures = (faults: readonly string[], seed = 1) =>
      askEverything({ faults, users: 30, seed })
        .map(({ status }, index) => (status >= 429 ? `${index}: ${status}` : null))
        .filter((failure) => failure !== null);
    const alone = failures(['random-errors=30']);
    expect(alone.length).toBeGreaterThan(5);
    expect(failures(['random-errors=30', 'dropped-rows', 'repeated-rows=50'])).toEqual(alone);
    expect(failures(['dropped-rows', 'null-rows', 'random-errors=30'])).toEqual(alone);
    expect(failures(['random-errors=30'], 2)).not.toEqual(alone);
  });
});
