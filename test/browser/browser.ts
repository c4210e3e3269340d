import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

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

/** Gives the work a page of a browser of its own, without cookies and cache. */
export async function withBrowser(
  { baseUrl, viewport = { width: 1280, height: 800 }, theme = 'light' }: Opened,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'rollcall-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    viewport,
    colorScheme: theme,
    baseURL: baseUrl,
    args: flags,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await work(page);
  } finally {
    await context.close();
    await rm(profile, { recursive: true });
  }
}
