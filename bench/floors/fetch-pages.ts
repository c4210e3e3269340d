import { Agent, get } from 'node:http';
import { mostAtOnce } from '../../src/directories/http/turns.ts';
import { pageStep } from '../../src/directories/paging/offset-pages.ts';
import { pageLimit } from '../../src/directories/paging/read-ahead.ts';
import type { Task } from '../measured-process.ts';

export type Row = Readonly<Record<string, unknown>> & { readonly _id: string };

interface Page {
  readonly results: readonly Row[];
  readonly totalCount: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: mostAtOnce });

/**
 * Gets and parses the pages that a run of Rollcall gets, as many at once as it ever does, and nothing else. `onPage`
 * is given each page as it arrives. Answers how many rows there are.
 */
export async function fetchPages(
  source: Task['source'],
  onPage: (rows: readonly Row[]) => void = () => undefined,
): Promise<number> {
  const first = await getPage(source, 0);
  onPage(first.results);
  const total = first.totalCount;
  let next = pageStep;
  async function lane(): Promise<void> {
    // As far as the one empty page that ends a listing.
    while (next - pageStep < total) {
      const skip = next;
      next += pageStep;
      const { results } = await getPage(source, skip);
      onPage(results.slice(1));
    }
  }
  await Promise.all(Array.from({ length: mostAtOnce }, lane));
  return total;
}

function getPage({ url, apiKey }: Task['source'], skip: number): Promise<Page> {
  const address = `${url}/api/systemusers?sort=_id&limit=${pageLimit}&skip=${skip}`;
  return new Promise((resolve, reject) => {
    get(address, { agent, headers: { 'x-api-key': apiKey } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as Page);
        else reject(new Error(`the simulator answered ${response.statusCode}: ${text}`));
      });
    }).on('error', reject);
  });
}
