import type { Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

describe('the console in a browser', () => {
  let world: ConsoleWorld;
  let storeId: string;

  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 120 });
    storeId = await world.addStore('acme');
    await world.syncToTheEnd(storeId);
    for (const id of world.simulator.people.ids.slice(0, 60)) world.simulator.people.suspend(id);
    const { status } = await world.syncToTheEnd(storeId);
    if (status !== 'held') throw new Error(`The run is ${status}: nothing is held.`);
  });

  afterAll(() => world.close());

  const withPage = (work: (page: Page) => Promise<void>) => world.withPage(work);

  it('asks to sign in, says when a token is wrong, and then shows the screen that was asked for', async () => {
    await withPage(async (page) => {
      const asked = new Set<string>();
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      await page.goto('/members');
      await page.getByLabel('Access token').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('not an access token').waitFor();
      await world.signIn(page);
      await page.getByRole('heading', { name: 'Members' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/members');
      expect(asked).toEqual(new Set([world.served.address]));
    });
  });

  it('signs in with the token of an address, and forgets it', async () => {
    await withPage(async (page) => {
      await page.goto(`/stores#token=${world.served.secrets.viewer}`);
      await page.getByRole('heading', { name: 'Directory stores' }).waitFor();
      expect(page.url()).toBe(`${world.served.address}/stores`);
    });
  });

  it('says that nothing is at an unknown address, and leaves the API its own answers', async () => {
    await withPage(async (page) => {
      await page.goto('/nothing/here');
      await world.signIn(page);
      await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    });
    for (const path of ['/api/v1/nothing', '/assets/nothing.js', '/ops/nothing', '/scim/v2/x']) {
      const answer = await fetch(`${world.served.address}${path}`, {
        headers: { accept: 'text/html' },
      });
      expect({ path, isPage: (await answer.text()).includes('id="root"') }).toEqual({
        path,
        isPage: false,
      });
    }
  });

  it('finds members by the beginning of a name or address, and keeps what is typed out of the address', async () => {
    const { items } = await world.ask<{ items: { fields: { email: string } }[] }>(
      'GET',
      '/members?limit=1',
    );
    const email = items[0]?.fields.email ?? '';
    await withPage(async (page) => {
      await page.goto('/members');
      await world.signIn(page);
      await page.getByPlaceholder('Name, address, employee ID').fill(email);
      // The list of all has others beside the one that is searched for.
      await page.locator('tbody tr:nth-child(2)').waitFor({ state: 'detached' });
      expect(page.url()).toBe(`${world.served.address}/members`);
      await page.getByRole('link', { name: email }).click();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      await page.getByText('new in the directory').waitFor();
    });
  });

  it('lets viewers see all and change nothing', async () => {
    const { id } = await world.latestRun();
    await withPage(async (page) => {
      await page.goto(`/stores/${storeId}`);
      await world.signIn(page, 'viewer');
      await page.getByRole('heading', { name: 'acme' }).waitFor();
      for (const name of ['Pause', 'Preview', 'Sync now']) {
        expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
      }
      await page.goto(`/runs/${id}`);
      await page.getByText('To decide takes the role admin.').waitFor();
      expect(await page.getByRole('button', { name: 'Approve all…' }).isDisabled()).toBe(true);
    });
  });

  it('is sound in each window and theme', async () => {
    await world.withPage(async (page) => {
      const wrong = complaints(page);
      await page.goto('/');
      await page.getByLabel('Access token').waitFor();
      await expectSound(page, 'sign-in');
      await world.signIn(page);
      await page.goto('/runs');
      await page.getByRole('row').nth(2).waitFor();
      await expectSound(page, 'runs');
      await page.goto('/api/docs');
      await page
        .getByRole('navigation', { name: 'Contents' })
        .getByRole('link', { name: 'Runs' })
        .click();
      await page.locator('summary').filter({ hasText: '/api/v1/runs/{runId}/approve' }).click();
      await expectSound(page, 'api-reference');
      expect(wrong).toEqual([]);
    });
  });

  it('approves two of the held changes, then all others after the number was typed', async () => {
    const { id, counts } = await world.latestRun();
    await withPage(async (page) => {
      await page.goto('/');
      await world.signIn(page);
      await page.getByRole('link', { name: 'Review' }).click();
      for (const index of [1, 2]) await page.getByRole('checkbox').nth(index).check();
      await page.getByRole('button', { name: 'Approve these 2…' }).click();
      await page.getByRole('button', { name: 'Deactivate 2', exact: true }).click();
      const left = (counts['held'] ?? 0) - 2;
      await page.getByRole('heading', { name: `${left} removals wait for you` }).waitFor();
      await page.getByRole('button', { name: 'Approve all…' }).click();
      const approve = page.getByRole('button', { name: `Deactivate ${left}`, exact: true });
      expect(await approve.isDisabled()).toBe(true);
      await page.getByLabel(`To go on, type ${left}`).fill(String(left));
      await approve.click();
      await page.getByRole('heading', { name: 'Sync of acme' }).waitFor();
      await page.getByText('Succeeded').first().waitFor();
    });
    expect(await world.latestRun()).toMatchObject({ id, status: 'succeeded' });
  });

  it('asks to sign in again over the screen, which stays for the same person and is left by another', async () => {
    const { sessions, tokens } = world.served.app.ports;
    const { token, secret } = await tokens.create({ name: 'short', role: 'admin' });
    const signInAgain = async (page: Page, text: string) => {
      await page.getByRole('dialog', { name: 'Your session is over' }).waitFor();
      await page.getByLabel('Access token').fill(text);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    await withPage(async (page) => {
      await page.goto('/runs');
      await page.getByLabel('Access token').fill(secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      await sessions.endAllOf({ kind: 'token', id: token.id });
      await page.getByRole('button', { name: 'Held' }).click();
      await signInAgain(page, secret);
      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      expect(page.url()).toContain('/runs?status=held');
      await world.ask('DELETE', `/tokens/${token.id}`);
      await page.getByRole('button', { name: 'Failed' }).click();
      await signInAgain(page, world.served.secrets.viewer);
      await page.waitForURL('/');
    });
  });
});
