import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Chromium without its own background requests to the network. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** A folder for pictures of the pages. */
export const screenshots = process.env['SCREENSHOTS'];

/**
 * Gives the work a page of its own, without cookies and cache, in the one browser of the test file. When the work
 * fails, and SCREENSHOTS names a folder, a picture of the page is left there.
 */
export async function withBrowser(
  baseUrl: string,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  browser ??= chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    args: flags,
  });
  const context = await (await browser).newContext({
    baseURL: baseUrl,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  try {
    await work(page);
  } catch (error) {
    if (screenshots !== undefined) {
      await page.screenshot({ path: join(screenshots, `failed-${randomUUID()}.png`) });
    }
    throw error;
  } finally {
    await context.close();
  }
}
