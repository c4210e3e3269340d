import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

/** Groups in the console: switched on, taken one by one, and held when one loses its people. */
describe('groups in the console', () => {
  let world: ConsoleWorld;
  let storeId: string;

  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 60, groups: 4 });
    storeId = await world.addStore('acme');
    await world.syncToTheEnd(storeId);
  });

  afterAll(() => world.close());

  it('says how to switch them on', async () => {
    await world.withSession(`/stores/${storeId}/groups`, async (page) => {
      const wrong = complaints(page);
      await page.getByText('This store does not sync groups.').waitFor();
      await expectSound(page, 'groups-off');
      await page.getByRole('link', { name: 'Open the file of this store' }).click();
      await page.getByRole('heading', { name: /file/i }).first().waitFor();
      expect(wrong).toEqual([]);
    });
  });

  it('takes one group of the first import, and rejects another', async () => {
    await world.configure(storeId, { groups: { sync: true } });
    const run = await world.syncToTheEnd(storeId);
    expect(run.status).toBe('held');
    await world.withSession(`/stores/${storeId}/groups`, async (page) => {
      const wrong = complaints(page);
      await page.getByText('4 groups wait for you').waitFor();
      await expectSound(page, 'groups-staged');
      await page.getByRole('link', { name: 'Look at them' }).click();
      await page.getByRole('heading', { name: '4 changes of groups wait for you' }).waitFor();
      await expectSound(page, 'groups-held');
      await page.getByRole('checkbox', { name: 'Choose Engineers' }).check();
      await page.getByRole('button', { name: 'Approve 1…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Apply 1' }).click();
      await page.getByRole('heading', { name: '3 changes of groups wait for you' }).waitFor();
      await page.getByRole('checkbox', { name: 'Choose Sales' }).check();
      await page.getByRole('button', { name: 'Reject 1…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Reject 1' }).click();
      await page.getByRole('heading', { name: '2 changes of groups wait for you' }).waitFor();
      const region = page.getByRole('region', { name: 'Groups' });
      await region.getByRole('link', { name: 'Engineers' }).click();
      await page.getByRole('heading', { name: 'Engineers' }).waitFor();
      await page.getByText('followed').waitFor();
      await expectSound(page, 'group');
      expect(wrong).toEqual([]);
    });
    const { items } = await world.ask<{ items: { name: string; members: number }[] }>(
      'GET',
      `/stores/${storeId}/groups`,
    );
    const { people } = world.simulator;
    const engineers = people.groups.all().find(({ name }) => name === 'Engineers');
    const shown = items.find(({ name }) => name === 'Engineers')?.members ?? 0;
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThanOrEqual(people.groups.membersOf(engineers?.id ?? '').length);
  });

  it('holds a group that loses its people', async () => {
    const { groups } = world.simulator.people;
    const engineers = groups.all().find(({ name }) => name === 'Engineers')?.id ?? '';
    for (const id of groups.membersOf(engineers)) groups.removeMember(engineers, id);
    const run = await world.syncToTheEnd(storeId);
    expect(run.status).toBe('held');
    await world.withSession(`/runs/${run.id}`, async (page) => {
      await page.getByRole('heading', { name: '1 change of groups waits for you' }).waitFor();
      await page
        .getByText(/held: all \d+ members of the group "Engineers" would leave it/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Reject all…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Reject 1' }).click();
      await page.getByRole('heading', { name: 'Sync of acme' }).waitFor();
    });
  });
});
