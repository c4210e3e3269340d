import { type CommandWatch, reportingCommands, watchCommands } from '../../fakes/watch-commands.ts';
import { testServices } from '../../setup/services.ts';
import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

/*
 * The commands that one push at a time sends to the database. Those of one list are under way together. While a run of
 * pushes is open, which is five seconds after each push, a push takes at most eight commands in six steps.
 */

const toRead = ['scimMemberships.find', 'stores.aggregate'];
const applied = ['records.update', 'scimUsers.find'];
const writesMember = [['records.insert'], ['members.update'], applied];
const changesUser = [['scimTokens.find'], toRead, ['scimUsers.update'], ...writesMember];

let world: ScimWorld;
let watch: CommandWatch;
let ada: string;

beforeAll(async () => {
  world = await openScimWorld({ uri: reportingCommands(testServices().mongodbUri) });
  watch = watchCommands(world.connection);
  // A connection that is opened first would make a step of one command two.
  await Promise.all(Array.from({ length: 8 }, () => world.ping()));
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.empty();
  await world.addStore();
  [ada = ''] = await world.pushUsers(['ada', 'bob']);
  await world.pusher.endRuns();
  await world.pushUsers(['eve']);
});

const patch = (path: string, value: unknown) =>
  world.ask('PATCH', `/Users/${ada}`, { Operations: [{ op: 'replace', path, value }] });

describe('one push at a time', () => {
  it('creates a user', async () => {
    const steps = await watch.stepsOf(() => world.ask('POST', '/Users', aUser('joe')));
    expect(steps).toEqual([
      ['scimTokens.find'],
      ['scimUsers.insert', 'stores.aggregate'],
      // Who has the address.
      ['members.find'],
      ['records.insert'],
      ['members.insert'],
      applied,
    ]);
    expect(await world.allMembers()).toHaveLength(4);
  });

  it('changes a field with PATCH', async () => {
    expect(await watch.stepsOf(() => patch('title', 'Chief'))).toEqual(changesUser);
    expect(await world.member(ada)).toMatchObject({ fields: { jobTitle: 'Chief' } });
  });

  it('changes a field with PUT', async () => {
    const user = aUser('ada', { title: 'Chief' });
    expect(await watch.stepsOf(() => world.ask('PUT', `/Users/${ada}`, user))).toEqual(changesUser);
    expect(await world.member(ada)).toMatchObject({ fields: { jobTitle: 'Chief' } });
  });

  it('reactivates a member', async () => {
    await patch('active', false);
    await world.pusher.endRuns();
    await world.pushUsers(['joe']);
    expect(await watch.stepsOf(() => patch('active', true))).toEqual(changesUser);
    expect(await world.member(ada)).toMatchObject({ status: 'active' });
  });

  it('deactivates a member, after the brakes have counted', async () => {
    const steps = await watch.stepsOf(() => patch('active', false));
    expect(steps.slice(0, 4)).toEqual([...changesUser.slice(0, 3), ['runs.find', 'stores.find']]);
    // Which of the counts begins first depends on which answer comes first.
    expect(steps.slice(4, -3).flat().sort()).toEqual([
      'members.aggregate',
      'members.aggregate',
      'records.aggregate',
    ]);
    expect(steps.slice(-3)).toEqual(writesMember);
    expect(await world.member(ada)).toMatchObject({ status: 'inactive' });
  });

  it('changes nothing', async () => {
    expect(await watch.stepsOf(() => patch('active', true))).toEqual([['scimTokens.find'], toRead]);
  });

  it('changes what no member has, and looks at the member once more', async () => {
    expect(await watch.stepsOf(() => patch('nickName', 'Countess'))).toEqual([
      ...changesUser.slice(0, 3),
      ['stores.aggregate'],
    ]);
  });

  it('changes a person once more, and ends the run of pushes after the answer', async () => {
    await patch('title', 'Chief');
    const steps = await watch.stepsOf(() => patch('title', 'Captain'));
    expect(steps.slice(0, 7)).toEqual([
      ...changesUser.slice(0, 3),
      ['runs.insert'],
      ...writesMember,
    ]);
    const [last, earlier] = await world.endedRuns();
    expect([last, earlier]).toMatchObject([
      { status: 'succeeded', counts: { applied: 1 } },
      { status: 'succeeded', counts: { applied: 2 } },
    ]);
  });
});
