/** As many as one connection to Redis takes well at a time. */
const batchSize = 100;

/** Does something with each, a batch at a time: one by one, each waits for an answer of its own. */
export async function inBatches<In, Out>(
  all: readonly In[],
  work: (one: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const done: Out[] = [];
  for (let from = 0; from < all.length; from += batchSize) {
    done.push(...(await Promise.all(all.slice(from, from + batchSize).map(work))));
  }
  return done;
}
