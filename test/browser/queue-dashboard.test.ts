import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { runJobId } from '../../jobs/job-queue.ts';
import type { App } from '../../src/app/compose.ts';
import { aConfig } from '../builders/models.ts';
import { withBrowser } from './browser.ts';
import { type Served, serveRollcall } from './served.ts';

describe('the queue dashboard in a browser', () => {
  let app: App;
  let served: Served;
  let folder: string;
  let failedJob: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-browser-'));
    served = await serveRollcall({
      // Nothing answers at that address, so runs fail.
      JUMPCLOUD_CONSOLE_URL: 'http://127.0.0.1:9',
      SOURCE_RETRY_BUDGET_SECONDS: '1',
    });
    app = served.app;
    failedJob = runJobId({ id: await failRun(), decision: null });
  });

  afterAll(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  /** Queues a run for a directory that doesn't exist, and waits for its job to fail. */
  async function failRun(): Promise<string> {
    const schedule = {
      enabled: true,
      frequency: 'daily',
      time: '02:00',
      timezone: 'Asia/Kolkata',
    } as const;
    const store = await app.ports.stores.create({
      name: 'acme',
      directory: 'jumpcloud',
      connection: { region: 'us' },
      orgId: 'org1',
      sendOrgId: false,
      owner: 'cli:ada',
      config: aConfig({ schedule }),
      credential: { type: 'api-key', apiKey: 'jca_not_real' },
    });
    const { run } = await app.ports.runs.enqueue({
      storeId: store.id,
      mode: 'full',
      trigger: 'manual',
      configRevision: store.configRevision,
      requestedBy: 'cli:ada',
    });
    await app.ports.queue.reconcileSchedules();
    await app.ports.queue.enqueueJob(run);
    await until(async () => (await app.queues.runs.getFailedCount()) === 1);
    return run.id;
  }

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const withPage = (work: (page: Page) => Promise<void>) => withBrowser(served.address, work);

  const screenshot = (page: Page, name: string) =>
    page.screenshot({ path: join(process.env['SCREENSHOTS'] ?? folder, `${name}.png`) });

  async function signIn(page: Page, role: 'admin' | 'viewer'): Promise<void> {
    await page.getByLabel('Access token').fill(served.secrets[role]);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function openFailedJob(page: Page): Promise<void> {
    await page.goto('/ops/queues/queue/runs?status=failed');
    await page.getByRole('link', { name: failedJob }).click();
    await page.getByText('source-failed').waitFor();
  }

  const retryButton = (page: Page) => page.locator('button:visible:has(> svg.lucide-refresh-cw)');

  it('asks to sign in, says when a token is wrong, and returns to the requested page', async () => {
    await withPage(async (page) => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).origin));
      await page.goto('/ops/queues/queue/runs?status=failed');
      await screenshot(page, 'sign-in');
      await page.getByLabel('Access token').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('not an access token').waitFor();
      await screenshot(page, 'sign-in-wrong');
      await signIn(page, 'viewer');
      await page.getByText(failedJob).waitFor();
      expect(new URL(page.url()).pathname).toBe('/ops/queues/queue/runs');
      expect(await page.title()).toContain('Rollcall');
      expect(new Set(asked)).toEqual(new Set([served.address]));
    });
  });

  it('shows viewers the queues without controls', async () => {
    await withPage(async (page) => {
      await page.goto('/ops/queues');
      await signIn(page, 'viewer');
      for (const queue of ['runs', 'ticks', 'maintenance']) {
        await page.getByRole('link', { name: queue }).first().waitFor();
      }
      await openFailedJob(page);
      await screenshot(page, 'failed-job-viewer');
      expect(await retryButton(page).count()).toBe(0);
      const refused = await page.evaluate(
        async (job) =>
          (await fetch(`/ops/queues/api/queues/runs/${job}/retry`, { method: 'PUT' })).status,
        failedJob,
      );
      expect(refused).toBe(403);
    });
  });

  it('lets admins retry a failed job, which starts a new run in their name', async () => {
    await withPage(async (page) => {
      await page.goto('/ops/queues');
      await signIn(page, 'admin');
      await page.getByRole('link', { name: 'runs' }).first().waitFor();
      await screenshot(page, 'queues-admin');
      await openFailedJob(page);
      await screenshot(page, 'failed-job-admin');
      await retryButton(page).click();
      await page.getByRole('button', { name: 'Confirm' }).click();
      await until(async () => (await app.ports.runs.list({})).length === 2);
      const [newest] = await app.ports.runs.list({ limit: 1 });
      expect(newest).toMatchObject({
        requestedBy: 'ops:the admin',
        trigger: 'manual',
        mode: 'full',
      });
    });
  });

  it('shows no control that no role may use', async () => {
    await withPage(async (page) => {
      await page.goto('/ops/queues');
      await signIn(page, 'admin');
      await page.getByRole('link', { name: 'ticks' }).first().waitFor();
      await page.goto('/ops/queues/queue/ticks?status=delayed');
      await page.getByRole('button', { name: 'Promote all' }).waitFor();
      await screenshot(page, 'delayed-admin');
      await page.goto('/ops/queues/job-schedulers');
      await page.getByText('tick-store').first().waitFor();
      await screenshot(page, 'schedulers-admin');
      for (const path of [
        '/ops/queues/queue/ticks?status=delayed',
        '/ops/queues/job-schedulers',
        '/ops/queues/queue/runs?status=completed',
      ]) {
        await page.goto(path);
        await page.getByRole('link', { name: 'ticks' }).first().waitFor();
        expect(await page.getByRole('button', { name: 'Clean all' }).count()).toBe(0);
        expect(
          await page
            .locator('button:visible:has(> svg:is(.lucide-trash-2, .lucide-pencil, .lucide-play))')
            .count(),
        ).toBe(0);
      }
    });
  });

  it('signs users out', async () => {
    await withPage(async (page) => {
      await page.goto('/ops/queues');
      await signIn(page, 'viewer');
      await page.locator('button:has(> svg.lucide-circle-user)').click();
      await page.getByText('Sign out').click();
      await page.getByText('the viewer').waitFor();
      await screenshot(page, 'sign-out');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Access token').waitFor();
      await page.goto('/ops/queues');
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    });
  });

  it('shows on the page that there were too many wrong tokens, and still accepts a right one', async () => {
    await withPage(async (page) => {
      await page.goto('/ops/queues/queue/runs?status=failed');
      for (let attempt = 0; attempt < 10; attempt += 1) {
        await page.request.post('/api/v1/session', { data: { token: 'wrong' } });
      }
      await page.getByLabel('Access token').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('Too many wrong tokens').waitFor();
      await screenshot(page, 'sign-in-limited');
      await signIn(page, 'viewer');
      await page.getByRole('link', { name: 'ticks' }).first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/ops/queues/queue/runs');
    });
  });
});
