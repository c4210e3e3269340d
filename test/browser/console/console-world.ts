import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { TokenRole } from '../../../src/core/model/token.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { screenshots, withBrowser } from '../browser.ts';
import { type Served, serveRollcall } from '../served.ts';

/** Gives back the violations alone: what passes is most of the answer. */
const findViolations = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export interface RunSeen {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** The sizes of window that each screen is looked at in. */
export const windows = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
};
const themes = ['light', 'dark'] as const;

/** Rollcall, a simulated JumpCloud, and a browser on the console. */
export class ConsoleWorld {
  readonly simulator: Simulator;
  readonly served: Served;

  private constructor(simulator: Simulator, served: Served) {
    this.simulator = simulator;
    this.served = served;
  }

  static async open({
    users,
    groups = 10,
    settings = {},
  }: {
    readonly users: number;
    readonly groups?: number;
    readonly settings?: NodeJS.ProcessEnv;
  }): Promise<ConsoleWorld> {
    if (screenshots !== undefined) await mkdir(screenshots, { recursive: true });
    const simulator = await startSimulator({ users, groups });
    const served = await serveRollcall({
      JUMPCLOUD_CONSOLE_URL: simulator.url,
      JUMPCLOUD_OAUTH_URL: simulator.url,
      ...settings,
    });
    return new ConsoleWorld(simulator, served);
  }

  async close(): Promise<void> {
    await this.served.close();
    await this.simulator.close();
  }

  /** Asks the API as the owner; a failure throws the answer. */
  async ask<T = { readonly id: string }>(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const answer = await fetch(`${this.served.address}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.served.secrets.owner}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Replaces sections of the configuration of a store. */
  async configure(storeId: string, sections: object): Promise<void> {
    const { revision } = await this.ask<{ revision: number }>(
      'GET',
      `/stores/${storeId}/configuration`,
    );
    await this.ask('PATCH', `/stores/${storeId}/configuration`, sections, {
      'if-match': `"${revision}"`,
    });
  }

  /** Adds a store of the simulated organization, and returns its id. */
  async addStore(name: string): Promise<string> {
    const credential = { type: 'api-key', apiKey: this.simulator.apiKey };
    const body = { name, directory: 'jumpcloud', credential, sameOrganization: true };
    return (await this.ask('POST', '/stores', body)).id;
  }

  /** Starts a run, and returns it when it has ended or waits for a decision. */
  async syncToTheEnd(storeId: string): Promise<RunSeen> {
    const { id } = await this.ask('POST', `/stores/${storeId}/runs`, {});
    return this.runToTheEnd(id);
  }

  /** Returns a run when it has ended or waits for a decision. */
  async runToTheEnd(id: string): Promise<RunSeen> {
    for (;;) {
      const run = await this.ask<RunSeen>('GET', `/runs/${id}`);
      if (!['queued', 'listing', 'applying'].includes(run.status)) return run;
    }
  }

  async latestRun(): Promise<RunSeen> {
    const { items } = await this.ask<{ items: RunSeen[] }>('GET', '/runs?limit=1');
    if (items[0] === undefined) throw new Error('There is no run.');
    return items[0];
  }

  /** A page without a session. */
  withPage(work: (page: Page) => Promise<void>): Promise<void> {
    return withBrowser(this.served.address, work);
  }

  /** A page at an own path, signed in. */
  async withSession(
    path: string,
    work: (page: Page) => Promise<void>,
    { role = 'owner' }: { readonly role?: TokenRole } = {},
  ): Promise<void> {
    await this.withPage(async (page) => {
      await page.goto(path);
      await this.signIn(page, role);
      await work(page);
    });
  }

  async signIn(page: Page, role: TokenRole = 'owner'): Promise<void> {
    await page.getByLabel('Access token').fill(this.served.secrets[role]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
  }
}

/** Collects what the page complains of: console errors, policy violations, exceptions. */
export function complaints(page: Page): readonly string[] {
  const wrong: string[] = [];
  page.on('console', (message) => {
    // The question who is signed in is answered 401 before anybody is.
    const isFirstQuestion = message.location().url.endsWith('/api/v1/session');
    if (message.type() === 'error' && !isFirstQuestion)
      wrong.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  return wrong;
}

/**
 * Expects no violation that axe knows, and nothing wider than the window, in each window and theme. Leaves the page
 * in the last of them. SCREENSHOTS names a folder for pictures.
 */
export async function expectSound(
  page: Page,
  name: string,
  sizes: readonly (keyof typeof windows)[] = ['phone', 'desk'],
): Promise<void> {
  await page.evaluate(axe);
  for (const size of sizes) {
    await page.setViewportSize(windows[size]);
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      if (screenshots !== undefined) {
        const path = join(screenshots, `${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      const found = await page.evaluate<string[]>(findViolations);
      const isTooWide = await page.evaluate<boolean>(
        'document.documentElement.scrollWidth > document.documentElement.clientWidth',
      );
      expect({ name, size, colorScheme, found, isTooWide }).toEqual({
        name,
        size,
        colorScheme,
        found: [],
        isTooWide: false,
      });
    }
  }
}
