import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

const kB = 1_024;

/** What a browser may load, compressed, in bytes. */
const budgets = { firstScripts: 200 * kB, firstStyles: 20 * kB, screen: 40 * kB };

/** Chunks that are loaded when a person opens an editor: each has the budget of its own library. */
const editors = { name: /^assets\/(?:code-editor|core|file-editor)-/, budget: 120 * kB };

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

/** Fails the build when the first load, or what a screen adds to it, is over its budget. */
export const checkBudgets: Plugin = {
  name: 'check-budgets',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const { name, bytes, budget } of measure(bundle)) {
        if (bytes <= budget) continue;
        this.error(
          `The ${name} are ${inKb(bytes)} compressed, over the budget of ${inKb(budget)}. Load less, or load it later.`,
        );
      }
    },
  },
};

function measure(bundle: Bundle) {
  const chunks = Object.values(bundle).filter((one): one is Chunk => one.type === 'chunk');
  const first = new Set(
    chunks.filter(({ isEntry }) => isEntry).flatMap((one) => loadedWith(bundle, one)),
  );
  const screens = chunks.filter(({ isDynamicEntry }) => isDynamicEntry);
  return [
    { name: 'scripts of the first load', bytes: scripts(first), budget: budgets.firstScripts },
    { name: 'styles of the first load', bytes: styles(bundle, first), budget: budgets.firstStyles },
    ...screens.map((screen) => {
      const added = loadedWith(bundle, screen).filter((one) => !first.has(one));
      return {
        name: `files that ${screen.fileName} adds`,
        bytes: scripts(added) + styles(bundle, added),
        budget: editors.name.test(screen.fileName) ? editors.budget : budgets.screen,
      };
    }),
  ];
}

/** A chunk and all that it imports at once. */
function loadedWith(bundle: Bundle, chunk: Chunk, seen = new Set<Chunk>()): Chunk[] {
  if (seen.has(chunk)) return [];
  seen.add(chunk);
  for (const name of chunk.imports) {
    const imported = bundle[name];
    if (imported?.type === 'chunk') loadedWith(bundle, imported, seen);
  }
  return [...seen];
}

const scripts = (chunks: Iterable<Chunk>): number => sizeOf([...chunks].map(({ code }) => code));

function styles(bundle: Bundle, chunks: Iterable<Chunk>): number {
  const names = new Set([...chunks].flatMap((one) => [...(one.viteMetadata?.importedCss ?? [])]));
  const files = [...names].map((name) => bundle[name]);
  return sizeOf(files.flatMap((file) => (file?.type === 'asset' ? [file.source] : [])));
}

const sizeOf = (contents: readonly (string | Uint8Array)[]): number =>
  contents.reduce((sum, content) => sum + gzipSync(content).length, 0);

const inKb = (bytes: number): string => `${Math.round(bytes / kB)} kB`;
