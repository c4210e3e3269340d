import type { Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

interface Stored {
  readonly revision: number;
  readonly mapping: Readonly<Record<string, unknown>>;
}

/** A colleague's mapping gave everybody one job title: it was saved without a preview, and a sync applied it. */
describe('earlier configurations in the console', () => {
  let world: ConsoleWorld;
  let storeId: string;
  let right: Stored['mapping'];
  let wrongRevision: number;
  let touched: number;
  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 25 });
    storeId = await world.addStore('acme');
    await world.syncToTheEnd(storeId);
    const { revision, mapping } = await stored();
    right = mapping;
    const answer = await fetch(
      `${world.served.address}/api/v1/stores/${storeId}/configuration?withoutPreview=true`,
      {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${world.served.secrets.owner}`,
          'content-type': 'application/json',
          'if-match': `"${revision}"`,
        },
        body: JSON.stringify({ mapping: { ...mapping, jobTitle: { value: 'Chief' } } }),
      },
    );
    if (!answer.ok) throw new Error(await answer.text());
    wrongRevision = (await stored()).revision;
    const { status, counts } = await world.syncToTheEnd(storeId);
    touched = counts['applied'] ?? 0;
    if (status !== 'succeeded' || touched === 0) throw new Error(`The run is ${status}.`);
  });
  afterAll(() => world.close());

  const stored = () => world.ask<Stored>('GET', `/stores/${storeId}/configuration`);
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
  const titles = async () => {
    const { items } = await world.ask<{ items: { fields: { jobTitle?: string } }[] }>(
      'GET',
      '/members?limit=100',
    );
    return new Set(items.map(({ fields }) => fields.jobTitle ?? null));
  };

  it('restores the configuration before a mistake, undoes its runs, and resumes the store', async () => {
    expect(await titles()).toEqual(new Set(['Chief']));
    await world.withSession(`/stores/${storeId}/history`, async (page) => {
      const wrong = complaints(page);
      const used = page.getByRole('region', { name: `Configuration ${wrongRevision} (in use)` });
      await used.getByText('Chief').waitFor();
      await button(page, `Restore configuration ${wrongRevision - 1}…`).click();
      const save = page.getByRole('button', { name: 'Save', exact: true });
      expect(await save.isDisabled()).toBe(true);
      await button(page, 'See whom it touches').click();
      await page.getByRole('link', { name: `${touched} updated` }).waitFor();
      await expectSound(page, 'history-restore');
      await save.click();
      await page
        .getByRole('heading', { name: `Configuration ${wrongRevision + 1} (in use)` })
        .waitFor();
      expect((await stored()).mapping).toEqual(right);
      const mistake = page.getByRole('region', { name: `Configuration ${wrongRevision}` });
      await mistake.getByRole('button', { name: '1 sync used it' }).click();
      await button(page, /^Undo these runs/).click();
      await button(page, `Undo ${touched} changes`).click();
      await page.getByText('1 run taken back. The store is paused.').waitFor();
      await button(page, 'Resume').click();
      await button(page, 'Resume').waitFor({ state: 'detached' });
      await expectSound(page, 'history');
      expect(wrong).toEqual([]);
    });
    expect(await titles()).not.toContain('Chief');
    expect(await world.ask('GET', `/stores/${storeId}`)).toMatchObject({ status: 'active' });
  });

  it('shows viewers all and lets them change nothing', async () => {
    await world.withSession(
      `/stores/${storeId}/history`,
      async (page) => {
        await page.getByText('To restore, undo or resume takes the role admin.').waitFor();
        const restore = button(page, `Restore configuration ${wrongRevision - 1}…`);
        expect(await restore.isDisabled()).toBe(true);
      },
      { role: 'viewer' },
    );
  });
});
