/** `npm run pictures`: takes the pictures of docs/pictures from a running demo, so that they stay true. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { holdChanges } from './hold-changes.ts';
import { root, startDemo } from './start-demo.ts';

const folder = resolve(root, 'docs/pictures');
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

const demo = await startDemo();
try {
  const { storeId, runId } = await holdChanges(demo);
  const pictures = [
    { name: 'overview', path: '/', viewport: desk, theme: 'light' },
    { name: 'overview-dark', path: '/', viewport: desk, theme: 'dark' },
    { name: 'overview-phone', path: '/', viewport: phone, theme: 'light' },
    { name: 'held', path: `/runs/${runId}`, viewport: desk, theme: 'light' },
    { name: 'mapping', path: `/stores/${storeId}/mapping`, viewport: desk, theme: 'light' },
    { name: 'members', path: '/members', viewport: desk, theme: 'light' },
  ] as const;
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    for (const { name, path, viewport, theme } of pictures) {
      const page = await browser.newPage({ viewport, colorScheme: theme });
      await page.goto(`${demo.address}${path}#token=${demo.token}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: resolve(folder, `${name}.png`) });
      await page.close();
      process.stdout.write(`docs/pictures/${name}.png\n`);
    }
  } finally {
    await browser.close();
  }
} finally {
  await demo.stop();
}
