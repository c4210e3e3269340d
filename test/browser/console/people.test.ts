import type { Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

/** Names that must be shown as text and break no layout. */
const hostile = [
  '<img src=x onerror=alert(1)>',
  '\u202egnp.exe invoice',
  'Ж'.repeat(200),
  '👩‍🚀👩‍🚀👩‍🚀',
];

describe('people in the console', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 60 });
    const store = await world.addStore('acme');
    const { status } = await world.syncToTheEnd(store);
    if (status !== 'succeeded') throw new Error(`The run is ${status}.`);
    await world.ask('POST', '/members', {
      email: 'ada@console.example',
      firstName: 'Ada',
      lastName: 'King',
    });
    for (const [at, lastName] of hostile.entries()) {
      const person = { email: `hostile${at}@console.example`, firstName: 'Hostile', lastName };
      await world.ask('POST', '/members', person).catch(refusedFor(lastName));
    }
  });
  afterAll(() => world.close());

  /** The API refuses names with hidden characters when they are typed. */
  const refusedFor = (name: string) => (error: Error) => {
    if (!name.includes('\u202e')) throw error;
  };

  const find = async (page: Page, text: string) => {
    await page.getByRole('searchbox').fill(text);
    return page.getByRole('region', { name: 'Members' }).getByRole('link');
  };

  it('finds members by words, and shows hostile names as text', async () => {
    await world.withSession('/members', async (page) => {
      const wrong = complaints(page);
      await (await find(page, 'king ada@')).filter({ hasText: 'Ada King' }).waitFor();
      expect(page.url()).not.toContain('king');
      await (await find(page, 'onerror')).filter({ hasText: hostile[0] ?? '' }).waitFor();
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      await find(page, 'hostile');
      await page.getByText(hostile[3] ?? '').waitFor();
      await expectSound(page, 'members-hostile');
      expect(wrong).toEqual([]);
    });
  });

  it('deactivates a member, takes it back, and leaves a status to the sync', async () => {
    const { items } = await world.ask<{ items: { id: string }[] }>('POST', '/members/search', {
      status: 'active',
      limit: 1,
    });
    const id = items[0]?.id ?? '';
    const member = () =>
      world.ask<{ status: string; statusBy: string }>('GET', `/members/${encodeURIComponent(id)}`);
    await world.withSession(`/members/${encodeURIComponent(id)}`, async (page) => {
      await page.getByRole('button', { name: 'Deactivate' }).click();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('is as before').first().waitFor();
      expect(await member()).toMatchObject({ status: 'active', statusBy: 'sync' });
      await page.getByRole('button', { name: 'Deactivate' }).click();
      await page.getByRole('button', { name: 'Let the sync decide again' }).click();
      await page.getByText('is left to the sync').first().waitFor();
      expect(await member()).toMatchObject({ status: 'active', statusBy: 'sync' });
    });
  });

  it('tells why an address is no member, store by store', async () => {
    await world.withSession('/why', async (page) => {
      await page.getByLabel('E-mail address').fill('nobody@nowhere.example');
      await page.getByRole('button', { name: 'Ask' }).click();
      await page.getByText('In the directory: no.').waitFor();
      expect(page.url()).not.toContain('nobody');
    });
  });

  it('erases a person whose address is typed', async () => {
    await world.withSession('/members', async (page) => {
      await (await find(page, 'ada@console')).first().click();
      await page.getByRole('button', { name: 'Erase…' }).click();
      await page.getByText('1 member and 1 record').waitFor();
      const erase = page.getByRole('button', { name: 'Erase 1 member' });
      expect(await erase.isDisabled()).toBe(true);
      await page.getByLabel('To go on, type the address').fill('ada@console.example');
      await erase.click();
      await page.getByText('Erased: 1 member').first().waitFor();
    });
    const found = await world.ask<{ total: number }>('POST', '/members/search', {
      text: 'ada@console',
    });
    expect(found.total).toBe(0);
  });

  it('shows a viewer what takes another role', async () => {
    await world.withSession(
      '/members',
      async (page) => {
        expect(await page.getByRole('button', { name: 'Add by hand…' }).isDisabled()).toBe(true);
        await (await find(page, 'hostile')).first().click();
        await page.getByText('To erase a person takes the role owner.').waitFor();
        expect(await page.getByRole('button', { name: 'Erase…' }).isDisabled()).toBe(true);
      },
      { role: 'viewer' },
    );
  });

  it('is sound in each window and theme', async () => {
    await world.withSession('/members', async (page) => {
      const wrong = complaints(page);
      await (await find(page, 'ЖЖЖ')).first().waitFor();
      await expectSound(page, 'members');
      await page.getByRole('region', { name: 'Members' }).getByRole('link').first().click();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      await expectSound(page, 'member');
      await page.goto('/why#hostile0@console.example');
      await page.getByRole('link', { name: 'See' }).waitFor();
      await expectSound(page, 'why');
      expect(wrong).toEqual([]);
    });
  });
});
