import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { checkBudgets } from './budgets.ts';

/** Where `npm run web` finds the API: `npm run demo -- --serve` prints an address. */
const api = process.env['API_URL'] ?? 'http://127.0.0.1:3000';

// Without changeOrigin: the API compares the origin of a request with its host.
const proxy = { '/api': { target: api }, '/ops': { target: api } };

/** Writes each asset compressed too: the API sends what the browser understands. */
const compressAssets: Plugin = {
  name: 'compress-assets',
  writeBundle({ dir = '' }) {
    const folder = join(dir, 'assets');
    for (const name of readdirSync(folder)) {
      const content = readFileSync(join(folder, name));
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
      writeFileSync(join(folder, `${name}.gz`), gzipSync(content));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [checkBudgets, compressAssets],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // budgets.ts says what is too large.
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Else each module that screens share with the first load is a file of its own: fifty requests, not three.
            {
              name: 'first',
              tags: ['$initial'],
              test: /\/(?:node_modules|web\/src\/(?!main\.tsx))/,
            },
          ],
        },
      },
      // Libraries mark what runs in browsers alone: here all does.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
  },
  server: { host: '127.0.0.1', proxy },
});
