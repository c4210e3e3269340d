import type { Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

describe('the console by keys', () => {
  let world: ConsoleWorld;
  let storeId: string;
  let runId: string;
  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 30 });
    storeId = await world.addStore('acme');
    ({ id: runId } = await world.syncToTheEnd(storeId));
    await world.ask('POST', '/members', {
      email: 'ada@console.example',
      firstName: 'Ada',
      lastName: 'King',
    });
  });
  afterAll(() => world.close());

  it('finds screens, stores, members and runs, and goes there', async () => {
    await world.withSession('/runs', async (page) => {
      const wrong = complaints(page);
      const input = page.getByRole('combobox', { name: 'Find a person, run or store' });
      const found = (name: string | RegExp) => page.getByRole('option', { name });
      const find = async (text: string) => {
        await page.keyboard.press('ControlOrMeta+k');
        await input.waitFor();
        await page.keyboard.type(text);
      };
      await find('king');
      await found(/Ada King/).waitFor();
      await expectSound(page, 'palette');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Ada King' }).waitFor();
      expect(page.url()).not.toContain('king');
      await find('acme');
      await found(/^acme|Directory stores/)
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'acme', level: 1 }).waitFor();
      await find(runId.slice(0, 8));
      await found(/Sync of acme/).click();
      await page.getByRole('heading', { name: 'Sync of acme' }).waitFor();
      await find('nobody@console.example');
      await found('Why is nobody@console.example here, or not?').click();
      await page.waitForURL('/why#nobody@console.example');
      await find('zzzz');
      await page.getByText('Nothing matches.').waitFor();
      await page.keyboard.press('Escape');
      await input.waitFor({ state: 'detached' });
      expect(wrong).toEqual([]);
    });
  });

  it('goes to screens and into the search by single keys, which a person can turn off', async () => {
    await world.withSession('/', async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press('m');
      await page.waitForURL('/members');
      await page.getByRole('searchbox').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('gr?');
      expect(await page.getByRole('searchbox').inputValue()).toBe('gr?');
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'Members' }).click();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await expectSound(page, 'keys');
      await page.getByRole('checkbox', { name: 'Single keys act' }).uncheck();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      for (const key of ['g', 'r', '?']) await page.keyboard.press(key);
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('dialog', { name: 'Find' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/members');
      expect(await page.getByRole('dialog').count()).toBe(1);
    });
  });

  it('leads by keys alone from the sign-in to an approval', async () => {
    for (const id of world.simulator.people.ids.slice(0, 20)) world.simulator.people.suspend(id);
    const { status } = await world.syncToTheEnd(storeId);
    expect(status).toBe('held');
    await world.withPage(async (page) => {
      await page.goto('/');
      await page.getByLabel('Access token').waitFor();
      await tabTo(page, /^$/);
      await page.keyboard.type(world.served.secrets.admin);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Review' }).waitFor();
      await tabTo(page, /^Review$/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /removals wait for you/ }).waitFor();
      await tabTo(page, /^Approve all…$/);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(page, /^Deactivate \d+$/);
      await page.keyboard.press('Enter');
      await page.getByText('Succeeded').first().waitFor();
    });
  });
});

/** Presses Tab until what has the focus has this text and shows that it has the focus. */
async function tabTo(page: Page, text: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < 100; step += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    const label = (await focused.textContent())?.trim() ?? '';
    if (text.test(label)) {
      const outline = await page.evaluate<string>(
        'getComputedStyle(document.activeElement).outlineStyle',
      );
      if (outline === 'none') throw new Error(`${label} has the focus and does not show it.`);
      return;
    }
    seen.push(label);
  }
  throw new Error(`Tab leads to no ${text}, but to: ${seen.join(', ')}`);
}
