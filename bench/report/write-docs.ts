import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLatencyMs } from '../arguments.ts';
import { type BenchResult, resultSchema } from '../result.ts';
import { benchmarksPage } from './page.ts';
import { plotGrowth } from './plot.ts';

/** Keeps a result, in place of one of the same size and latency, and writes page and plot from all that are kept. */
export async function writeDocs(result: BenchResult, docs: string): Promise<void> {
  const folder = join(docs, 'benchmarks');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.users}-${result.latencyMs}ms.json`), toJson(result));
  const results = await readResults(folder);
  const usual = results.filter(({ latencyMs }) => latencyMs === defaultLatencyMs);
  if (usual.length > 0) await writeFile(join(folder, 'growth.svg'), plotGrowth(usual));
  await writeFile(join(docs, 'benchmarks.md'), benchmarksPage(results));
}

export function toJson(result: BenchResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** Ascending by latency and users. */
async function readResults(folder: string): Promise<readonly BenchResult[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts
    .map((text) => resultSchema.parse(JSON.parse(text)))
    .toSorted((a, b) => a.latencyMs - b.latencyMs || a.users - b.users);
}
