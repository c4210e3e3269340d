import { z } from 'zod';
import { changeDirectory } from '../demo/simulated-directory.ts';
import type { Demo } from './start-demo.ts';

const suspended = 100;
const waitMs = 200;

const members = z.object({
  items: z.array(z.object({ externalId: z.string(), store: z.string() })),
});
const run = z.object({ id: z.string(), status: z.string() });

/** Suspends a hundred people at the simulated directory and syncs, so that a run waits for a person. */
export async function holdChanges({ address, token, directoryUrl }: Demo) {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const { items } = members.parse(await ask('GET', `/members?status=active&limit=${suspended}`));
  const storeId = items[0]?.store;
  if (storeId === undefined) throw new Error('The demo has no members.');
  for (const { externalId } of items) {
    await changeDirectory({ url: directoryUrl }, 'suspend', { id: externalId });
  }
  let { id, status } = run.parse(await ask('POST', `/stores/${storeId}/runs`, {}));
  while (status !== 'held') {
    if (status === 'failed') throw new Error(`The run ${id} failed.`);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    ({ status } = run.parse(await ask('GET', `/runs/${id}`)));
  }
  return { storeId, runId: id };
}
