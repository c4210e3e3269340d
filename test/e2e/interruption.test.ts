import { expectedFields } from '../builders/expected-member.ts';
import { lookAt } from './database.ts';
import { eventually, type Installation, install } from './processes.ts';

interface RunJson {
  readonly id: string;
  readonly status: string;
  readonly trigger: string;
  readonly counts: Readonly<Record<string, number>>;
}
interface MemberJson {
  readonly externalId: string;
  readonly revision: number;
  readonly fields: Readonly<Record<string, string>>;
}

let site: Installation;

beforeEach(async () => {
  site = await install({ users: 1500, groups: 0, seed: 5 });
  // The source is silent until a command has started, which takes long on a busy machine.
  site.env['SOURCE_RETRY_BUDGET_SECONDS'] = '120';
  await site.ask(
    ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'],
    site.simulator.apiKey,
  );
});
afterEach(() => site.close());

async function expectEverybodyOnce(run: RunJson): Promise<void> {
  const people = site.simulator.people.all().filter(({ state }) => state !== 'STAGED');
  expect(run).toMatchObject({
    status: 'succeeded',
    counts: { listed: 1500, create: people.length, applied: people.length, failed: 0 },
  });
  const members = await site.ask<MemberJson[]>(['members', 'list', '--store', 'acme']);
  expect(members.map(({ externalId, fields }) => ({ externalId, fields }))).toEqual(
    people.map((user) => ({ externalId: user._id, fields: expectedFields(user) })),
  );
  expect(new Set(members.map(({ revision }) => revision))).toEqual(new Set([1]));
}

/** Waits until the run lists and the source has answered some pages. */
const untilListing = () => eventually(() => (site.simulator.requests.length > 6 ? true : null));

describe('a sync whose worker is stopped', () => {
  it('is handed back on SIGTERM and finished by the next worker', async () => {
    const first = await site.serve('worker');
    site.simulator.setLatency(150);
    site.simulator.clearRequests();
    const { id } = await site.ask<RunJson>(['sync', 'acme']);
    await untilListing();
    expect(await first.stop('SIGTERM')).toBe(0);
    expect(await site.ask(['runs', 'show', id])).toMatchObject({ status: 'listing' });
    site.simulator.setLatency(0);
    await site.serve('worker');
    const run = await ended(id);
    expect(run).toMatchObject({ status: 'succeeded', counts: { listed: 1500, failed: 0 } });
    await expectEverybodyOnce(run);
  });

  it('is resumed by another worker when the first is killed while it lists and writes', async () => {
    const first = await site.serve('worker');
    site.simulator.setLatency(1500);
    site.simulator.clearRequests();
    const { id } = await site.ask<RunJson>(['sync', 'acme']);
    await eventually(() => (site.simulator.requests.length > 9 ? true : null));
    // The listing must not end before the worker is killed.
    site.simulator.setLatency(60_000);
    await lookAt(site, (view) =>
      eventually(async () => ((await view.members()).length > 0 ? true : null)),
    );
    await first.stop('SIGKILL');
    expect(await site.ask(['runs', 'show', id])).toMatchObject({ status: 'listing' });
    site.simulator.setLatency(0);
    await site.serve('worker');
    const run = await ended(id);
    expect(run).toMatchObject({ status: 'succeeded', counts: { listed: 1500, failed: 0 } });
    await expectEverybodyOnce(run);
  });

  it('is cancelled on request', async () => {
    await site.serve('worker');
    site.simulator.setLatency(1500);
    site.simulator.clearRequests();
    const { id } = await site.ask<RunJson>(['sync', 'acme']);
    await eventually(() => (site.simulator.requests.length > 2 ? true : null));
    // The listing must not end before the command has started.
    site.simulator.setLatency(60_000);
    await site.ask(['runs', 'cancel', id]);
    const run = await ended(id);
    expect(run).toMatchObject({ status: 'cancelled', error: null });
    const members = await site.ask<MemberJson[]>(['members', 'list']);
    expect(members.length).toBeLessThan(1500);
    expect(members).toHaveLength(run.counts['applied'] ?? 0);
  });
});

async function ended(id: string): Promise<RunJson> {
  await lookAt(site, (view) => view.until(id, ({ finishedAt }) => finishedAt !== null));
  return site.ask<RunJson>(['runs', 'show', id]);
}
