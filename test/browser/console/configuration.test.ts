import type { Locator, Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

interface Stored {
  readonly revision: number;
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly schedule: unknown;
}

describe('the configuration of a store in the console', () => {
  let world: ConsoleWorld;
  let storeId: string;
  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 25 });
    storeId = await world.addStore('acme');
    await world.syncToTheEnd(storeId);
  });
  afterAll(() => world.close());

  const stored = () => world.ask<Stored>('GET', `/stores/${storeId}/configuration`);
  const button = (page: Page, name: string) => page.getByRole('button', { name });

  /** Maps a field to one value for everybody. */
  async function setValue(page: Page, field: string, value: string): Promise<void> {
    await button(page, `Edit ${field}`).click();
    await button(page, 'Hard-coded value').click();
    await page.getByRole('textbox', { name: 'Hard-coded value' }).fill(value);
    await button(page, 'OK').click();
  }

  /** Writes code anew. `fill` would make Chromium add styles of its own, which the policy reports. */
  async function write(code: Locator, text: string): Promise<void> {
    await code.press('ControlOrMeta+a');
    await code.press('Delete');
    await code.page().keyboard.insertText(text);
  }

  /** A colleague changes fields meanwhile. */
  async function colleagueMaps(rules: Readonly<Record<string, unknown>>): Promise<void> {
    const { revision, mapping } = await stored();
    const answer = await fetch(`${world.served.address}/api/v1/stores/${storeId}/configuration`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${world.served.secrets.owner}`,
        'content-type': 'application/json',
        'if-match': `"${revision}"`,
      },
      body: JSON.stringify({ mapping: { ...mapping, ...rules } }),
    });
    expect(answer.status).toBe(200);
  }

  it('shows whom a mapping touches before it is saved, and sets it beside a colleague’s', async () => {
    await world.withPage(async (page) => {
      const wrong = complaints(page);
      // Without the stream of changes the colleague's change is found when this one is saved.
      await page.route('**/api/v1/watch', (route) => route.fulfill({ status: 204 }));
      await page.goto(`/stores/${storeId}/mapping`);
      await world.signIn(page);
      await setValue(page, 'Country', 'India');
      expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
      await button(page, 'See whom it touches').click();
      await page.getByText(/updated of 25 people listed/).waitFor();
      await colleagueMaps({ country: { value: 'Peru' }, city: { value: 'Lima' } });
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('the owner changed this configuration').waitFor();
      await page.getByRole('row', { name: /City.*“Lima” for everybody/ }).waitFor();
      expect(await button(page, 'See whom it touches').isDisabled()).toBe(true);
      await button(page, 'Keep mine').click();
      await button(page, 'See whom it touches').click();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved.').waitFor();
      expect((await stored()).mapping).toMatchObject({
        country: { value: 'India' },
        city: { value: 'Lima' },
      });
      // The refused save is told as an error of the network.
      expect(wrong.filter((each) => !each.includes('412'))).toEqual([]);
    });
  });

  it('saves without a preview when that is typed, and a schedule without any', async () => {
    await world.withSession(`/stores/${storeId}/mapping`, async (page) => {
      await setValue(page, 'Company', 'Acme');
      await page.getByRole('link', { name: 'Schedule' }).click();
      await page.getByLabel('Sync', { exact: true }).selectOption('Every week');
      // The draft goes from tab to tab.
      await page.getByText('2 changes').waitFor();
      await button(page, 'Save without preview…').click();
      const save = page.getByRole('dialog').getByRole('button', { name: 'Save without preview' });
      expect(await save.isDisabled()).toBe(true);
      await page.getByLabel('To go on, type save').fill('save');
      await save.click();
      await page.getByText('Saved.').waitFor();
      await page.getByLabel('At', { exact: true }).fill('04:30');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved.').waitFor();
      expect(await stored()).toMatchObject({
        mapping: { company: { value: 'Acme' } },
        schedule: { frequency: 'weekly', time: '04:30' },
      });
    });
  });

  it('evaluates an expression as it is typed, says what is wrong, and survives an endless one', async () => {
    await world.withSession(`/stores/${storeId}/mapping`, async (page) => {
      const wrong = complaints(page);
      await button(page, 'Edit Job title').click();
      await button(page, 'Expression').click();
      const code = page.getByRole('textbox', { name: 'Expression for Job title' });
      await write(code, "$uppercase('ab') & $upercase('c')");
      await page.getByText('Did you mean $uppercase').first().waitFor();
      await write(code, "$uppercase('chief')");
      await page.getByRole('complementary').getByText('CHIEF').waitFor();
      await write(code, '($f := function($n) { $n < 0 ? 0 : $f($n - 1) + $f($n - 2) }; $f(60))');
      await page.getByText('takes longer than a page may wait').waitFor();
      await button(page, 'Discard').click();
      expect(wrong).toEqual([]);
    });
  });

  it('is the same configuration as a store file, with the line of a mistake', async () => {
    await world.withSession(`/stores/${storeId}/file`, async (page) => {
      const wrong = complaints(page);
      const code = page.getByRole('textbox', { name: 'Store file' });
      await write(code, 'mapping:\n  displayName: { value: Nepal }\n  phone: { valu: x }\n');
      await page.getByText(/line 3: mapping\.phone/).waitFor();
      await write(code, 'mapping:\n  displayName: { value: Nepal }\n');
      await page.getByRole('link', { name: 'Mapping' }).click();
      await page.getByText('“Nepal”').waitFor();
      await page.getByRole('link', { name: 'File' }).click();
      await page.locator('.cm-line', { hasText: 'value: Nepal' }).waitFor();
      await button(page, 'Discard').click();
      expect(wrong).toEqual([]);
    });
  });

  it('offers a reload when an upgrade replaced its files, and keeps the draft', async () => {
    await world.withSession(`/stores/${storeId}/mapping`, async (page) => {
      await setValue(page, 'City', 'Quito');
      const gone = '**/assets/runs-*.js';
      await page.route(gone, (route) => route.fulfill({ status: 404 }));
      await page.getByRole('link', { name: 'Runs' }).click();
      await page.getByRole('heading', { name: 'This screen could not be loaded' }).waitFor();
      await expectSound(page, 'missing-file');
      await page.unroute(gone);
      await button(page, 'Reload').click();
      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      await page.goBack();
      await page.getByText('1 change').waitFor();
      await page.getByText('“Quito”').waitFor();
      expect(await page.getByText('1 change').count()).toBe(1);
      await button(page, 'Discard').click();
    });
  });

  it('keeps the draft when the session ends in the middle of it', async () => {
    const { sessions, tokens } = world.served.app.ports;
    const { token, secret } = await tokens.create({ name: 'short', role: 'admin' });
    const signIn = async (page: Page) => {
      await page.getByLabel('Access token').fill(secret);
      await button(page, 'Sign in').click();
    };
    await world.withPage(async (page) => {
      await page.goto(`/stores/${storeId}/mapping`);
      await signIn(page);
      await setValue(page, 'City', 'Cusco');
      await sessions.endAllOf({ kind: 'token', id: token.id });
      await button(page, 'See whom it touches').click();
      const over = page.getByRole('dialog', { name: 'Your session is over' });
      await over.waitFor();
      await expectSound(page, 'session-over');
      await signIn(page);
      await over.waitFor({ state: 'detached' });
      await page.getByText('1 change').waitFor();
      await button(page, 'See whom it touches').click();
      await page.getByText(/updated of 25 people listed/).waitFor();
      expect((await stored()).mapping['city']).not.toEqual({ value: 'Cusco' });
    });
  });

  it('shows viewers all and lets them change nothing', async () => {
    await world.withSession(
      `/stores/${storeId}/mapping`,
      async (page) => {
        await page.getByText('To change the configuration takes the role admin.').waitFor();
        expect(await button(page, 'Edit Country').isDisabled()).toBe(true);
        await page.goto('/stores/new/jumpcloud');
        await page.getByText('To add a directory takes the role admin.').waitFor();
      },
      { role: 'viewer' },
    );
  });

  it('is sound in each window and theme', async () => {
    await world.withSession(`/stores/${storeId}/mapping`, async (page) => {
      const wrong = complaints(page);
      await button(page, 'Edit Display name').click();
      await button(page, 'Expression').click();
      await page.getByRole('textbox', { name: 'Expression for Display name' }).waitFor();
      await page.getByRole('complementary').getByText('1 of the first').waitFor();
      await expectSound(page, 'config-mapping');
      for (const [tab, heading] of [
        ['criteria', 'Sync criteria'],
        ['schedule', 'Scheduled sync'],
        ['safeguards', 'acme'],
        ['file', 'Store file'],
      ] as const) {
        await page.goto(`/stores/${storeId}/${tab}`);
        await page.getByRole('heading', { name: heading }).waitFor();
        await page.waitForLoadState('networkidle');
        await expectSound(page, `config-${tab}`);
      }
      await page.goto('/stores/new/jumpcloud');
      await page.getByRole('heading', { name: 'API integration' }).waitFor();
      await expectSound(page, 'connect');
      expect(wrong).toEqual([]);
    });
  });
});
