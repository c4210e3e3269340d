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

interface Opened {
  readonly baseUrl: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly theme?: 'light' | 'dark';
}

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** Gives the work a page of its own, without cookies and cache, in the one browser of the test file. */
export async function withBrowser(
  { baseUrl, viewport = { width: 1280, height: 800 }, theme = 'light' }: Opened,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  browser ??= chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    args: flags,
  });
  const context = await (await browser).newContext({
    viewport,
    colorScheme: theme,
    baseURL: baseUrl,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await work(page);
  } finally {
    await context.close();
  }
}
