import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

/** A run that a safeguard holds: looked at, decided in part, rejected, undone. */
describe('a held run in the console', () => {
  let world: ConsoleWorld;
  let storeId: string;
  let runId: string;

  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 260 });
    storeId = await world.addStore('acme');
    await world.syncToTheEnd(storeId);
    const { people } = world.simulator;
    for (const id of people.ids.slice(0, 230)) people.suspend(id);
    const run = await world.syncToTheEnd(storeId);
    if (run.status !== 'held') throw new Error(`The run is ${run.status}: nothing is held.`);
    runId = run.id;
  });

  afterAll(() => world.close());

  const countHeld = async (filter: object) => {
    const body = { status: 'held', ...filter };
    const path = `/runs/${runId}/records/marks`;
    return (await world.ask<{ total: number }>('POST', path, body)).total;
  };
  const departments = async () => {
    const path = `/runs/${runId}/records/facets`;
    const { facets } = await world.ask<{
      facets: { values: { value: string; count: number }[] }[];
    }>('POST', path, { status: 'held', by: ['department'] });
    return facets[0]?.values ?? [];
  };

  it('is sound in each window and theme', async () => {
    await world.withSession(`/runs/${runId}`, async (page) => {
      const wrong = complaints(page);
      await page.getByRole('heading', { name: /removals wait for you/ }).waitFor();
      await page.getByRole('row').nth(5).waitFor();
      await expectSound(page, 'held-run');
      await page.getByRole('button', { name: 'Approve all…' }).click();
      await page.getByRole('dialog').waitFor();
      await expectSound(page, 'held-run-approve');
      expect(wrong).toEqual([]);
    });
  });

  it('holds all its rows in a list of few, which keys go through', async () => {
    await world.withSession(`/runs/${runId}`, async (page) => {
      const held = await countHeld({});
      const table = page.getByRole('table');
      await page.getByRole('row').nth(5).waitFor();
      expect(await table.getAttribute('aria-rowcount')).toBe(String(held + 1));
      expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(42);
      const list = page.getByRole('region', { name: 'Records' });
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      const last = page.locator(`tr[aria-rowindex="${held + 1}"]`);
      await last.getByRole('button', { name: /^Details of/ }).waitFor();
      await list.evaluate((element) => element.scrollTo(0, 0));
      await list.focus();
      for (const key of ['j', 'j', 'x', 'k', 'x']) await page.keyboard.press(key);
      await page.getByText('2 selected').waitFor();
    });
  });

  it('approves those of one department after their number was typed, and asks again when it changed', async () => {
    const [{ value, count } = { value: '', count: 0 }] = await departments();
    const others = (await countHeld({})) - count;
    await world.withSession(`/runs/${runId}`, async (page) => {
      await page
        .getByRole('link', { name: new RegExp(`^${value}`) })
        .first()
        .click();
      await page.getByRole('button', { name: `Approve these ${count}…` }).click();
      // A colleague decides on one of them meanwhile.
      const path = `/runs/${runId}/records/search`;
      const body = { status: 'held', department: value, limit: 1 };
      const found = await world.ask<{ items: { externalId: string }[] }>('POST', path, body);
      const records = [found.items[0]?.externalId ?? ''];
      await world.ask('POST', `/runs/${runId}/reject`, { records });
      await world.runToTheEnd(runId);
      const confirm = async (number: number) => {
        const typed = page.getByLabel(`To go on, type ${number}`);
        if ((await typed.count()) > 0) await typed.fill(String(number));
        await page.getByRole('button', { name: `Deactivate ${number}`, exact: true }).click();
      };
      await confirm(count);
      await page.getByText(`There are ${count - 1} by now`).waitFor();
      await confirm(count - 1);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });
    await world.runToTheEnd(runId);
    expect(await countHeld({})).toBe(others);
    expect(await countHeld({ department: value })).toBe(0);
  });

  it('rejects the rest', async () => {
    await world.withSession(`/runs/${runId}`, async (page) => {
      const left = await countHeld({});
      await page.getByRole('button', { name: 'Reject all…' }).click();
      const typed = page.getByLabel(`To go on, type ${left}`);
      if ((await typed.count()) > 0) await typed.fill(String(left));
      await page.getByRole('button', { name: `Reject ${left}`, exact: true }).click();
      await page.getByRole('heading', { name: 'Sync of acme' }).waitFor();
    });
    expect(await countHeld({})).toBe(0);
  });

  it('shows in numbers what an undo would do, undoes it, and pauses the store', async () => {
    await world.withSession(`/runs/${runId}`, async (page) => {
      await page.getByRole('button', { name: 'Undo…' }).click();
      await page.getByText(/Would be: .*reactivated/).waitFor();
      const title = await page.getByRole('dialog').getByRole('heading').textContent();
      const many = /\d+/.exec(title ?? '')?.[0] ?? '';
      const typed = page.getByLabel(`To go on, type ${many}`);
      if ((await typed.count()) > 0) await typed.fill(many);
      await page.getByRole('button', { name: `Undo ${many}`, exact: true }).click();
      await page.getByRole('heading', { name: 'Undo of acme' }).waitFor();
      await page.getByText('Succeeded').first().waitFor();
    });
    const store = await world.ask<{ status: string }>('GET', `/stores/${storeId}`);
    expect(store.status).toBe('paused');
  });
});
