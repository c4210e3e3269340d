import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { loadConfig } from '../../config/load.ts';
import { type App, openApp } from '../../src/app/compose.ts';
import { start } from '../../src/app/serve.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { testServices, uniqueName } from '../setup/services.ts';
import { withBrowser } from './browser.ts';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = process.env['SCREENSHOTS'];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

interface Run {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
}

describe('the console in a browser', () => {
  let app: App;
  let simulator: Simulator;
  let running: Awaited<ReturnType<typeof start>>;
  let storeId: string;
  const secrets = { owner: '', viewer: '' };
  const users = 120;

  beforeAll(async () => {
    const { mongodbUri, redisUrl } = testServices();
    simulator = await startSimulator({ users });
    const config = loadConfig({
      MONGODB_URI: mongodbUri,
      REDIS_URL: redisUrl,
      MONGODB_DATABASE: uniqueName('console'),
      REDIS_PREFIX: uniqueName('console').slice(0, 32),
      SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      HTTP_PORT: '0',
      JUMPCLOUD_CONSOLE_URL: simulator.url,
      JUMPCLOUD_OAUTH_URL: simulator.url,
    });
    const log = createLogger({ level: 'silent' });
    app = await openApp(config, log);
    for (const role of ['owner', 'viewer'] as const) {
      secrets[role] = (await app.ports.tokens.create({ name: `the ${role}`, role })).secret;
    }
    running = await start({ config, role: 'all', log });
    const credential = { type: 'api-key', apiKey: simulator.apiKey };
    storeId = (await ask('POST', '/stores', { name: 'acme', directory: 'jumpcloud', credential }))
      .id;
    await syncToTheEnd();
    for (const id of simulator.people.ids.slice(0, 60)) simulator.people.suspend(id);
    const { status } = await syncToTheEnd();
    if (status !== 'held') throw new Error(`The run is ${status}: nothing is held.`);
    if (screenshots !== undefined) await mkdir(screenshots, { recursive: true });
  });

  afterAll(async () => {
    await running.stop();
    await app.database.connection.dropDatabase();
    for (const queue of Object.values(app.queues)) await queue.obliterate({ force: true });
    await app.close();
    await simulator.close();
  });

  async function ask<T = { readonly id: string }>(
    method: string,
    path: string,
    body?: object,
  ): Promise<T> {
    const answer = await fetch(`${running.address}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secrets.owner}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async function syncToTheEnd(): Promise<Run> {
    const { id } = await ask('POST', `/stores/${storeId}/runs`, {});
    for (;;) {
      const run = await ask<Run>('GET', `/runs/${id}`);
      if (!['queued', 'listing', 'applying'].includes(run.status)) return run;
    }
  }

  const latestRun = async () =>
    (await ask<{ items: Run[] }>('GET', '/runs?limit=1')).items[0] as Run;

  async function signIn(page: Page, role: 'owner' | 'viewer' = 'owner'): Promise<void> {
    await page.getByLabel('Access token').fill(secrets[role]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
  }

  const withPage = (work: (page: Page) => Promise<void>) =>
    withBrowser({ baseUrl: running.address ?? '' }, work);

  it('asks to sign in, says when a token is wrong, and then shows the screen that was asked for', async () => {
    await withPage(async (page) => {
      const asked = new Set<string>();
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      await page.goto('/members');
      await page.getByLabel('Access token').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('not an access token').waitFor();
      await signIn(page);
      await page.getByRole('heading', { name: 'Members' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/members');
      expect(asked).toEqual(new Set([running.address]));
    });
  });

  it('signs in with the token of an address, and forgets it', async () => {
    await withPage(async (page) => {
      await page.goto(`/stores#token=${secrets.viewer}`);
      await page.getByRole('heading', { name: 'Directory stores' }).waitFor();
      expect(page.url()).toBe(`${running.address}/stores`);
    });
  });

  it('says that nothing is at an unknown address, and leaves the API its own answers', async () => {
    await withPage(async (page) => {
      await page.goto('/nothing/here');
      await signIn(page);
      await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    });
    for (const path of ['/api/v1/nothing', '/assets/nothing.js', '/ops/nothing', '/scim/v2/x']) {
      const answer = await fetch(`${running.address}${path}`, { headers: { accept: 'text/html' } });
      expect({ path, isPage: (await answer.text()).includes('id="root"') }).toEqual({
        path,
        isPage: false,
      });
    }
  });

  it('finds members by the beginning of a name or address, and keeps what is typed out of the address', async () => {
    const { items } = await ask<{ items: { fields: { email: string } }[] }>(
      'GET',
      '/members?limit=1',
    );
    const email = items[0]?.fields.email ?? '';
    await withPage(async (page) => {
      await page.goto('/members');
      await signIn(page);
      await page.getByPlaceholder('Name, or address with @').fill(email);
      await page.waitForFunction('document.querySelectorAll("tbody tr").length === 1');
      expect(page.url()).toBe(`${running.address}/members`);
      await page.getByRole('link', { name: email }).click();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      await page.getByText('new in the directory').waitFor();
    });
  });

  it('lets viewers see all and change nothing', async () => {
    const { id } = await latestRun();
    await withPage(async (page) => {
      await page.goto(`/stores/${storeId}`);
      await signIn(page, 'viewer');
      await page.getByRole('heading', { name: 'acme' }).waitFor();
      for (const name of ['Pause', 'Preview', 'Sync now']) {
        expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
      }
      await page.goto(`/runs/${id}`);
      await page.getByText('To decide takes the role admin.').waitFor();
      expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    });
  });

  const sizes = [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ];
  const looks = sizes.flatMap((viewport) =>
    (['light', 'dark'] as const).map((theme) => ({ viewport, theme })),
  );

  it.each(looks)('is sound on every screen at $viewport.width px, $theme', async (look) => {
    const { id } = await latestRun();
    const members = await ask<{ items: { id: string }[] }>('GET', '/members?limit=1');
    const screens = {
      overview: ['/', /need/],
      stores: ['/stores', 'Directory stores'],
      store: [`/stores/${storeId}`, 'acme'],
      runs: ['/runs', 'Runs'],
      run: [`/runs/${id}`, /wait/],
      members: ['/members', 'Members'],
      member: [`/members/${members.items[0]?.id}`, 'History'],
    } as const;
    await withBrowser({ baseUrl: running.address ?? '', ...look }, async (page) => {
      const wrong: string[] = [];
      page.on('console', (message) => {
        // The question who is signed in is answered 401 before anybody is.
        const isFirstQuestion = message.location().url.endsWith('/api/v1/session');
        if (message.type() === 'error' && !isFirstQuestion) wrong.push(message.text());
      });
      page.on('pageerror', (error) => wrong.push(error.message));
      await page.goto('/');
      await page.getByLabel('Access token').waitFor();
      await check(page, 'sign-in', look);
      await signIn(page);
      for (const [name, [path, heading]] of Object.entries(screens)) {
        await page.goto(path);
        await page.getByRole('heading', { name: heading }).first().waitFor();
        await page.waitForLoadState('networkidle');
        await check(page, name, look);
      }
      expect(wrong).toEqual([]);
    });
  });

  /** No violation that axe knows, and nothing wider than the window. */
  async function check(
    page: Page,
    name: string,
    { viewport: { width }, theme }: (typeof looks)[number],
  ): Promise<void> {
    if (screenshots !== undefined) {
      const path = join(screenshots, `${name}-${width}-${theme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    await page.evaluate(axe);
    const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
    const isTooWide = await page.evaluate<boolean>(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    expect({ name, found, isTooWide }).toEqual({ name, found: [], isTooWide: false });
  }

  it('approves two of the held changes, then all others after the number was typed', async () => {
    const { id, counts } = await latestRun();
    await withPage(async (page) => {
      await page.goto('/');
      await signIn(page);
      await page.getByRole('link', { name: 'Review' }).click();
      for (const index of [0, 1]) await page.getByRole('checkbox').nth(index).check();
      await page.getByRole('button', { name: 'Approve 2…' }).click();
      await page.getByRole('button', { name: 'Approve 2', exact: true }).click();
      const left = (counts['held'] ?? 0) - 2;
      await page.getByRole('button', { name: `Approve ${left}…` }).click();
      const approve = page.getByRole('button', { name: `Approve ${left}`, exact: true });
      expect(await approve.isDisabled()).toBe(true);
      await page.getByLabel(`To go on, type ${left}`).fill(String(left));
      await approve.click();
      await page.getByRole('heading', { name: 'Sync of acme' }).waitFor();
      await page.getByText('Succeeded').first().waitFor();
    });
    expect(await latestRun()).toMatchObject({ id, status: 'succeeded' });
  });

  it('asks to sign in again when the token was revoked, and stays on the screen', async () => {
    const { token, secret } = await app.ports.tokens.create({ name: 'short', role: 'admin' });
    await withPage(async (page) => {
      await page.goto('/runs');
      await page.getByLabel('Access token').fill(secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      await ask('DELETE', `/tokens/${token.id}`);
      await page.getByRole('button', { name: 'Held' }).click();
      await page.getByLabel('Access token').waitFor();
      await signIn(page);
      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      expect(page.url()).toContain('/runs?status=held');
    });
  });
});
