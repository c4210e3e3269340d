import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { ask, askJson, simulatorsPerTest } from './asking.ts';

const folder = join(process.cwd(), 'test/fixtures/jumpcloud');
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, formats: { 'date-time': true } });
for (const file of readdirSync(folder)) {
  ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object);
}

/** The deviations of an answer from a schema; empty when there are none. */
function problems(schema: string, answer: unknown): readonly string[] {
  const validate = ajv.getSchema(`${schema}.schema.json`);
  if (validate === undefined) throw new Error(`no schema "${schema}"`);
  if (validate(answer) === true) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

const start = simulatorsPerTest();

describe("the simulator's answers have the shapes of JumpCloud's API descriptions", () => {
  it('lists users', async () => {
    const simulator = await start({ users: 300 });
    for (const skip of [0, 100, 200]) {
      const page = await askJson(simulator, `/api/systemusers?sort=_id&limit=100&skip=${skip}`);
      expect(problems('systemusers-list', page)).toEqual([]);
    }
  });

  it('gives every described field of a user, except those that no user here has', async () => {
    const simulator = await start();
    const described = JSON.parse(readFileSync(join(folder, 'systemuser.schema.json'), 'utf8')) as {
      properties: object;
    };
    const user = await askJson<object>(simulator, `/api/systemusers/${simulator.people.ids[0]}`);
    const missing = Object.keys(described.properties).filter((name) => !(name in user));
    expect(missing).toEqual(['external_password_expiration_date']);
  });

  it('finds users, before and after they changed', async () => {
    const simulator = await start();
    const { people } = simulator;
    const hired = people.hire({ firstname: 'Ada', lastname: 'King' });
    people.update(people.ids[0] ?? '', { department: undefined, manager: hired._id });
    people.suspend(people.ids[1] ?? '');
    for (const id of people.ids) {
      expect(problems('systemuser', await askJson(simulator, `/api/systemusers/${id}`))).toEqual(
        [],
      );
    }
    const found = await askJson(simulator, '/api/search/systemusers', {
      method: 'POST',
      body: { limit: 100 },
    });
    expect(problems('systemusers-list', found)).toEqual([]);
  });

  it('lists organizations', async () => {
    const simulator = await start();
    const list = await askJson(simulator, '/api/organizations');
    expect(problems('organizations-list', list)).toEqual([]);
  });

  it('gives groups, connections and graph objects', async () => {
    const simulator = await start({ groups: 20 });
    const list = await askJson(simulator, '/api/v2/usergroups?limit=100');
    expect(problems('usergroups-list', list)).toEqual([]);
    const { id } = simulator.people.groups.find('Engineers') ?? { id: '' };
    expect(problems('usergroup', await askJson(simulator, `/api/v2/usergroups/${id}`))).toEqual([]);
    const [member] = simulator.people.groups.membersOf(id);
    const lists = [
      ['graph-connection', `/api/v2/usergroups/${id}/members`],
      ['graph-object-with-paths', `/api/v2/usergroups/${id}/membership`],
      ['graph-object-with-paths', `/api/v2/users/${member}/memberof`],
    ] as const;
    for (const [schema, path] of lists) {
      const rows = await askJson<unknown[]>(simulator, path);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.flatMap((row) => problems(schema, row))).toEqual([]);
    }
  });

  it.each([
    ['/api/systemusers?limit=101', 400],
    ['/api/v2/usergroups?limit=101', 400],
    ['/api/v2/usergroups/000000000000000000000000', 404],
    ['/api/nowhere', 404],
  ])('describes the error of %s', async (path, status) => {
    const reply = await ask(await start(), path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/json');
    expect(problems('error', JSON.parse(reply.text))).toEqual([]);
  });
});

describe('the schemas', () => {
  const id = 'a'.repeat(24);

  it.each([
    ['a misspelt field', { _id: id, firstName: 'Ada' }],
    ['a wrongly typed field', { _id: id, suspended: 'false' }],
    ['an unknown state', { _id: id, state: 'ACTIVE' }],
    ['a missing id', { email: 'ada@example.com' }],
    ['a misspelt part of an address', { _id: id, addresses: [{ city: 'Berlin' }] }],
    ['null where no null is described', { _id: id, department: null }],
  ])('refuse %s', (_what, user) => {
    expect(problems('systemuser', user)).not.toEqual([]);
  });
});
