import type { Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

interface Entries {
  readonly items: readonly { readonly action: string }[];
}

const entriesOf = (page: Page) => page.getByRole('region', { name: 'Audit' }).getByRole('listitem');

describe('access and the audit in the console', () => {
  let world: ConsoleWorld;
  let store: string;
  let person: string;
  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 5 });
    store = await world.addStore('acme');
    await world.ask('PATCH', `/stores/${store}`, { name: 'acme of today' });
    const { people, sessions, audit } = world.served.app.ports;
    const claims = { name: 'Grace Ж', address: 'grace@x.example', isVerified: true, groups: [] };
    const { id } = await people.signIn({ issuer: 'https://id.example', sub: 'grace', claims });
    person = id;
    await sessions.begin({ holder: { kind: 'user', id } });
    await audit.begin({
      by: `user:${id}`,
      byTokenId: null,
      from: '10.0.0.7',
      action: 'store-paused',
      storeId: store,
      storeName: 'acme of today',
      runId: null,
      tokenId: null,
      changes: [],
    });
  });
  afterAll(() => world.close());

  it('makes a token that signs in, and revokes it', async () => {
    await world.withSession('/access', async (page) => {
      const wrong = complaints(page);
      const last = page.getByRole('button', { name: 'Revoke… the owner' });
      await last.waitFor();
      expect(await last.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Make a token…' }).click();
      await page.getByLabel('Name').fill('nightly export');
      await page.getByRole('radio', { name: 'Admin' }).check();
      await page.getByRole('button', { name: 'Make the token' }).click();
      const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
      await page.getByRole('button', { name: 'I have stored it' }).click();
      expect(await page.content()).not.toContain(secret);
      await world.withPage(async (other) => {
        await other.goto('/audit');
        await other.getByLabel('Access token').fill(secret);
        await other.getByRole('button', { name: 'Sign in' }).click();
        await entriesOf(other).filter({ hasText: 'the owner made an access token' }).waitFor();
        await page.getByRole('button', { name: 'Revoke… nightly export' }).click();
        await page.getByRole('button', { name: 'Revoke 1 token' }).click();
        await page.getByText('nightly export is revoked').first().waitFor();
        await other.reload();
        await other.getByLabel('Access token').waitFor();
      });
      expect(wrong).toEqual([]);
    });
  });

  it('says when a token was made and its secret was lost, and replaces it', async () => {
    await world.withSession('/access', async (page) => {
      let lost = 0;
      await page.route('**/api/v1/tokens', async (route) => {
        if (route.request().method() !== 'POST' || lost > 0) return route.continue();
        lost += 1;
        await route.fetch();
        return route.abort();
      });
      await page.getByRole('button', { name: 'Make a token…' }).click();
      await page.getByLabel('Name').fill('lost');
      await page.getByRole('button', { name: 'Make the token' }).click();
      await page.getByRole('heading', { name: 'lost was made, its secret is lost' }).waitFor();
      await page.getByRole('button', { name: 'Replace it' }).click();
      await page.getByRole('heading', { name: 'lost is made' }).waitFor();
      const { items } = await world.ask<{ items: { name: string }[] }>('GET', '/tokens');
      expect(items.filter(({ name }) => name === 'lost')).toHaveLength(1);
    });
  });

  it('ends the sessions of a person', async () => {
    await world.withSession('/access', async (page) => {
      await page.getByRole('button', { name: 'End their sessions… Grace Ж' }).click();
      await page.getByRole('button', { name: 'End 1 session' }).click();
      await page.getByText('1 session of Grace Ж ended').first().waitFor();
      const { sessions } = world.served.app.ports;
      expect((await sessions.countOf([person])).get(person) ?? 0).toBe(0);
    });
  });

  it('shows the audit in words, filtered by action and actor', async () => {
    await world.withSession(
      '/audit',
      async (page) => {
        const entries = entriesOf(page);
        await entries.filter({ hasText: 'the owner renamed a store' }).waitFor();
        await page.getByText('from acme → to acme of today').waitFor();
        await page.getByText('All actions').click();
        await page.getByRole('checkbox', { name: 'paused a store' }).check();
        await page.getByRole('checkbox', { name: 'renamed a store' }).check();
        await page.waitForURL(/\?action=store-paused&action=store-renamed$/);
        await entries.nth(1).waitFor();
        expect(await entries.count()).toBe(2);
        await page.getByRole('link', { name: 'Grace Ж' }).click();
        await page.waitForURL(({ searchParams }) => searchParams.get('by') === person);
        await entries.filter({ hasText: 'the owner' }).waitFor({ state: 'detached' });
        expect(await entries.allInnerTexts()).toEqual([expect.stringContaining('Grace Ж paused')]);
        const file = page.getByRole('link', { name: 'Download as CSV' });
        const csv = await page.request.get((await file.getAttribute('href')) ?? '');
        expect((await csv.text()).trim().split('\r\n')).toHaveLength(2);
        const { items } = await world.ask<Entries>('GET', `/audit?by=${person}`);
        expect(items.map(({ action }) => action)).toEqual(['store-paused']);
      },
      { role: 'admin' },
    );
  });

  it('tells lower roles what the screens take', async () => {
    await world.withSession(
      '/audit',
      async (page) => {
        await page.getByText('To see the audit takes the role admin.').waitFor();
        await page.goto('/access');
        await page.getByText('To manage access takes the role owner.').waitFor();
        expect(await page.getByRole('button', { name: 'Make a token…' }).count()).toBe(0);
      },
      { role: 'viewer' },
    );
  });

  it('is sound in each window and theme', async () => {
    await world.withSession('/access', async (page) => {
      const wrong = complaints(page);
      await page.getByText('Grace Ж').first().waitFor();
      await page.getByRole('button', { name: 'Revoke… the owner' }).waitFor();
      await expectSound(page, 'access');
      await page.getByRole('button', { name: 'Make a token…' }).click();
      await expectSound(page, 'make-token');
      await page.goto('/audit');
      await entriesOf(page).filter({ hasText: 'renamed a store' }).waitFor();
      await page.getByText('All actions').click();
      await expectSound(page, 'audit');
      expect(wrong).toEqual([]);
    });
  });
});
