import type { Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound, windows } from './console-world.ts';

describe('the morning of an administrator', () => {
  let world: ConsoleWorld;
  let heldId: string;
  let refusedId: string;
  let pushedId: string;

  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 60 });
    heldId = await world.addStore('acme');
    await world.syncToTheEnd(heldId);
    for (const id of world.simulator.people.ids.slice(0, 30)) world.simulator.people.suspend(id);
    const { status } = await world.syncToTheEnd(heldId);
    if (status !== 'held') throw new Error(`The run is ${status}: nothing is held.`);
    refusedId = await world.addStore('Northwind <img src=x>');
    await world.served.app.ports.stores.setStatus(refusedId, 'needs-reauthorization');
    const pushed = { name: 'Contractors', directory: 'jumpcloud', via: 'scim' };
    pushedId = (await world.ask('POST', '/stores', pushed)).id;
  });
  afterAll(() => world.close());

  const runsOf = async (storeId: string) =>
    (await world.ask<{ items: { mode: string }[] }>('GET', `/runs?store=${storeId}`)).items;
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  it('begins with what needs a person, as the API says it, each with one action', async () => {
    const { items } = await world.ask<{ items: { kind: string; path: string }[] }>(
      'GET',
      '/attention',
    );
    expect(items.map(({ kind }) => kind)).toEqual(['run-held', 'needs-reauthorization', 'set-up']);
    const { items: stores } = await world.ask<{ items: { held: { count: number } | null }[] }>(
      'GET',
      '/stores',
    );
    const held = stores.find((store) => store.held !== null)?.held?.count;
    await world.withSession('/', async (page) => {
      await page.getByRole('heading', { name: '3 things need you' }).waitFor();
      await page.getByRole('heading', { name: `${held} changes held in acme` }).waitFor();
      const acts = page.getByRole('list', { name: 'What needs you' }).getByRole('link');
      const found = await acts.all();
      const addresses = await Promise.all(found.map((link) => link.getAttribute('href')));
      expect(addresses).toEqual(items.map(({ path }) => path));
      await page.getByRole('link', { name: 'Review' }).click();
      await page.getByRole('heading', { name: /wait/ }).waitFor();
    });
  });

  it('gives a store a key that works, and starts a run only when asked', async () => {
    await world.withSession('/', async (page) => {
      await page.getByRole('link', { name: 'Reauthorize' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('API key', { exact: true }).fill('not a key of this organization');
      await button(page, 'Check and use').click();
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel('API key', { exact: true }).fill(world.simulator.apiKey);
      await button(page, 'Check and use').click();
      await page.getByRole('heading', { name: 'The key works' }).waitFor();
      expect(await runsOf(refusedId)).toEqual([]);
      await button(page, 'Preview, then sync').click();
      await page.waitForURL(/\/runs\//);
      expect(await runsOf(refusedId)).toMatchObject([{ mode: 'plan' }]);
      await page.goto(`/stores/${refusedId}`);
      await page.getByText(`ending in ${world.simulator.apiKey.slice(-4)}`).waitFor();
    });
  });

  it('renames a store, gives it another owner, pauses and resumes it', async () => {
    await world.withSession(`/stores/${refusedId}`, async (page) => {
      await button(page, 'Rename').click();
      const name = page.getByRole('dialog').getByLabel('Name');
      await name.fill('acme');
      await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('dialog').getByRole('alert').getByText('acme').first().waitFor();
      await name.fill('Northwind');
      await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('heading', { name: 'Northwind', exact: true }).waitFor();
      await button(page, 'Change owner').click();
      await page.getByLabel('New owner').selectOption({ label: 'the admin, admin' });
      await page.getByRole('dialog').getByRole('button', { name: 'Change the owner' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await button(page, 'Pause').click();
      await button(page, 'Resume').click();
      await button(page, 'Pause').waitFor();
      const store = await world.ask<object>('GET', `/stores/${refusedId}`);
      expect(store).toMatchObject({
        name: 'Northwind',
        owner: 'token:the admin',
        status: 'active',
      });
    });
  });

  it('shows a token once', async () => {
    await world.withSession(`/stores/${pushedId}`, async (page) => {
      await button(page, 'New SCIM token').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
      await page.getByText(/^rcs_/).waitFor();
      await button(page, 'I have stored it').click();
      await page.getByText('replaced, ends').waitFor();
      expect(await page.getByText(/^rcs_/).count()).toBe(0);
    });
  });

  it('lets viewers see all, and says which role the rest takes', async () => {
    await world.withSession(
      `/stores/${pushedId}`,
      async (page) => {
        await page.getByRole('heading', { name: 'Contractors' }).waitFor();
        for (const name of ['New SCIM token', 'Rename', 'Change owner', 'Remove', 'Pause']) {
          expect({ name, isOff: await button(page, name).isDisabled() }).toEqual({
            name,
            isOff: true,
          });
        }
        await page.getByText('To remove one takes the role owner.').waitFor();
        await page.goto('/system');
        await page.getByText('To see the system takes the role admin.').waitFor();
        expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
      },
      { role: 'viewer' },
    );
  });

  it('shows what happens elsewhere without being asked, says when the API is away, and goes on', async () => {
    await world.withSession('/', async (page) => {
      await page.getByRole('heading', { name: /need/ }).waitFor();
      await world.ask('POST', `/stores/${pushedId}/pause`);
      const row = page.getByRole('row', { name: /Contractors/ });
      await row.getByText('Paused').waitFor();
      await page.getByRole('link', { name: 'System' }).click();
      await page.getByRole('heading', { name: 'Worker processes' }).waitFor();
      await page.context().setOffline(true);
      await page.getByText('Rollcall can’t be reached.').waitFor();
      await page.context().setOffline(false);
      await button(page, 'Try now').click();
      await page.getByText('Rollcall can’t be reached.').waitFor({ state: 'detached' });
      expect(await page.getByRole('heading', { name: 'Worker processes' }).count()).toBe(1);
    });
  });

  it('is sound in each window and theme', async () => {
    await world.withSession('/', async (page) => {
      const wrong = complaints(page);
      await page.getByRole('heading', { name: /need/ }).waitFor();
      await page.waitForLoadState('load');
      await expectSound(page, 'overview');
      await page.setViewportSize(windows.phone);
      await button(page, 'More').click();
      await page.getByRole('menuitem', { name: 'System' }).waitFor();
      await expectSound(page, 'more', ['phone']);
      await page.keyboard.press('Escape');
      for (const [name, path, heading] of [
        ['stores', '/stores', 'Directory stores'],
        ['store', `/stores/${refusedId}`, 'Connection'],
        ['store-scim', `/stores/${pushedId}`, 'Connection'],
        ['system', '/system', 'Worker processes'],
      ] as const) {
        await page.goto(path);
        await page.getByRole('heading', { name: heading }).first().waitFor();
        await expectSound(page, name);
      }
      await page.goto(`/stores/${heldId}#reauthorize`);
      await page.getByRole('dialog').waitFor();
      await expectSound(page, 'reauthorize');
      await button(page, 'Cancel').click();
      await button(page, 'Remove').click();
      await page.getByLabel('To go on, type the name of the store').fill('acm');
      expect(await page.getByRole('button', { name: /^Remove, keep/ }).isDisabled()).toBe(true);
      await expectSound(page, 'remove');
      expect(wrong).toEqual([]);
    });
  });

  it('shows how far the removal of a store is', async () => {
    const id = await world.addStore('leaving');
    await world.syncToTheEnd(id);
    const { stores, leases } = world.served.app.ports;
    // Another process is at work on it, and was stopped.
    await leases.acquire({ storeId: id, holder: 'stopped', ttlMs: 600_000 });
    await stores.markRemoval(id, { members: 'delete', by: 'cli:ada' });
    await world.withSession(`/stores/${id}`, async (page) => {
      await page.getByText('Being removed').waitFor();
      await page.getByText(/^\d+ members left$/).waitFor();
      for (const name of ['Resume', 'Sync now', 'Rename', 'Remove']) {
        expect(await button(page, name).isDisabled()).toBe(true);
      }
      await expectSound(page, 'store-removal');
      const store = await stores.get(id);
      if (store === null) throw new Error('The store is gone.');
      await stores.remove(store, 'delete');
      await page.getByText(/no directory store/).waitFor();
    });
  });

  it('removes a store after its name was typed', async () => {
    await world.withSession(`/stores/${pushedId}`, async (page) => {
      await button(page, 'Remove').click();
      await page.getByLabel('To go on, type the name of the store').fill('Contractors');
      await page.getByRole('button', { name: /^Remove, keep/ }).click();
      await page.waitForURL(/\/stores$/);
      await page.getByText('acme').first().waitFor();
      // The list shows it as long as its removal goes on.
      await page.getByText('Contractors').waitFor({ state: 'detached' });
    });
    const { items } = await world.ask<{ items: { id: string }[] }>('GET', '/stores');
    expect(items.map(({ id }) => id)).not.toContain(pushedId);
  });
});
