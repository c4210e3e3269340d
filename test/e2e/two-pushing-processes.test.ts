import fc from 'fast-check';
import { testServices } from '../setup/services.ts';
import { applyFile } from './apply-file.ts';
import { type DatabaseView, viewDatabase } from './database.ts';
import { operate, type Rollcall } from './processes.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface Added {
  readonly syncEndpoint: string;
  readonly scimToken: string;
}
interface Resource {
  readonly id: string;
  readonly active: boolean;
  readonly title?: string;
  readonly [enterprise]?: { readonly department: string };
  readonly emails: readonly { readonly value: string }[];
}
/** One request; `process` is the process that takes it. */
interface Push {
  readonly user: number;
  readonly process: 0 | 1;
  readonly set: Readonly<Record<string, unknown>> | 'delete';
}

const userCount = 3;
const push: fc.Arbitrary<Push> = fc.record({
  user: fc.integer({ min: 0, max: userCount - 1 }),
  process: fc.constantFrom(0 as const, 1 as const),
  set: fc.oneof(
    { arbitrary: fc.record({ title: fc.constantFrom('A', 'B') }), weight: 3 },
    {
      arbitrary: fc.record({ [enterprise]: fc.record({ department: fc.constantFrom('X', 'Y') }) }),
      weight: 3,
    },
    { arbitrary: fc.record({ active: fc.boolean() }), weight: 3 },
    // An address that several users want: at most one member may have it.
    {
      arbitrary: fc.constant({ emails: [{ value: 'wanted@acme.test', type: 'work' }] }),
      weight: 2,
    },
    fc.constant('delete' as const),
  ),
});

describe('two processes that take pushes into one store', () => {
  let site: Rollcall;
  let urls: readonly string[];
  let added: Added;
  let database: DatabaseView;
  beforeAll(async () => {
    const { mongodbUri, redisUrl } = testServices();
    site = operate({ MONGODB_URI: mongodbUri, REDIS_URL: redisUrl });
    database = await viewDatabase(site);
    const processes = [await site.serve('api'), await site.serve('api')];
    urls = processes.map((each) => /"address":"([^"]+)"/.exec(each.said())?.[1] ?? '');
    const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--via', 'scim'];
    added = await site.ask<Added>(add);
    const lenient = '{ percent: 100, floor: 1000 }';
    const safeguards = `{ removals: ${lenient}, emailChanges: ${lenient}, blanks: ${lenient} }`;
    await applyFile(site, 'acme', `safeguards: ${safeguards}`);
    // A user that stays: a push that would leave no active member is held.
    await createUser(0, 'stays');
  });
  afterAll(async () => {
    await site.close();
    await database.close();
  });

  async function ask(process: 0 | 1, method: string, path: string, body?: object) {
    const url = `${urls[process]}${new URL(added.syncEndpoint).pathname}${path}`;
    const headers = {
      authorization: `Bearer ${added.scimToken}`,
      'content-type': 'application/scim+json',
    };
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  }

  async function createUser(process: 0 | 1, userName: string): Promise<string> {
    const emails = [{ value: `${userName}@acme.test`, type: 'work' }];
    const { body } = await ask(process, 'POST', '/Users', { userName, emails });
    return body.id;
  }

  /** Sends a push; a process that is busy answers 503, and a directory sends it again. */
  async function send({ process, set }: Push, id: string): Promise<number> {
    for (;;) {
      const { status } =
        set === 'delete'
          ? await ask(process, 'DELETE', `/Users/${id}`)
          : await ask(process, 'PATCH', `/Users/${id}`, {
              Operations: [{ op: 'replace', value: set }],
            });
      if (status !== 503) return status;
    }
  }

  it('ends in what the resources say, whatever comes at the same time', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(push, { minLength: 4, maxLength: 12 }), async (pushes) => {
        round += 1;
        const ids: string[] = [];
        for (let user = 0; user < userCount; user += 1) {
          ids.push(await createUser(user === 0 ? 0 : 1, `user${user}.${round}`));
        }
        const statuses = await Promise.all(pushes.map((each) => send(each, ids[each.user] ?? '')));
        expect(statuses.filter((status) => ![200, 204, 404].includes(status))).toEqual([]);

        const members = await database.members();
        const memberOf = new Map(members.map((member) => [member.externalId, member]));
        // A member whose user was deleted keeps the address in its fields, and no longer owns it.
        const present = members.filter(
          ({ externalId = '', status }) => ids.includes(externalId) && status === 'active',
        );
        const owners = present.filter(({ fields }) => fields.email === 'wanted@acme.test');
        expect(owners.length).toBeLessThanOrEqual(1);
        const found = await Promise.all(ids.map((id) => ask(0, 'GET', `/Users/${id}`)));
        const wrong = ids.filter((id, at) => {
          const { status, body } = found[at] ?? { status: 0, body: null };
          const member = memberOf.get(id);
          if (status === 404) return member?.status === 'active';
          const resource = body as Resource;
          const isWanted = resource.emails[0]?.value === 'wanted@acme.test';
          if (isWanted && owners[0]?.externalId !== id) return false;
          return (
            member?.status !== (resource.active ? 'active' : 'inactive') ||
            member.fields.jobTitle !== resource.title ||
            member.fields.department !== resource[enterprise]?.department
          );
        });
        expect(wrong).toEqual([]);
        // The address becomes free for the next round.
        await Promise.all(ids.map((id) => send({ user: 0, process: 0, set: 'delete' }, id)));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
