import type { Page } from 'playwright-core';
import {
  clientId,
  clientSecret,
  startProvider,
  type TestProvider,
} from '../../fakes/identity-provider.ts';
import { freePort } from '../../setup/free-port.ts';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

describe('people who sign in as themselves', () => {
  let provider: TestProvider;
  let world: ConsoleWorld;
  beforeAll(async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    provider = await startProvider(`${publicUrl}/api/v1/session/oidc/callback`);
    await provider.setAccounts({
      ada: { email: 'ada@acme.test', email_verified: true, name: 'Ada King', groups: ['it'] },
      bob: { email: 'bob@acme.test', email_verified: true, name: 'Bob', groups: [] },
    });
    world = await ConsoleWorld.open({
      users: 10,
      settings: {
        HTTP_PORT: String(port),
        PUBLIC_URL: publicUrl,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: clientId,
        OIDC_CLIENT_SECRET: clientSecret,
        OIDC_ADMINS: 'group:it',
      },
    });
  });
  afterAll(async () => {
    await world.close();
    await provider.stop();
  });

  async function signInAt(page: Page, account: string): Promise<void> {
    await page.getByRole('link', { name: /^Sign in with/ }).click();
    await page.getByRole('button', { name: `Continue as ${account}` }).click();
  }

  it('come back from the provider to the page that they asked for, under their own name', async () => {
    await world.withPage(async (page) => {
      const wrong = complaints(page);
      await page.goto('/members?status=inactive');
      await page.getByRole('link', { name: /^Sign in with/ }).waitFor();
      await expectSound(page, 'sign-in-provider');
      await signInAt(page, 'Ada King');
      await page.getByRole('heading', { name: 'Members' }).waitFor();
      expect(page.url()).toBe(`${world.served.address}/members?status=inactive`);
      await page.getByText('Ada King').waitFor();
      await page.getByText('admin', { exact: true }).waitFor();
      // The provider's own page has no icon.
      expect(wrong.filter((each) => !each.includes(provider.issuer))).toEqual([]);
    });
  });

  it('are told when they have no role here', async () => {
    await world.withPage(async (page) => {
      await page.goto('/');
      await signInAt(page, 'Bob');
      await page.getByRole('alert').getByText('You may not use this Rollcall yet.').waitFor();
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    });
  });
});
