/** The number of requests that one connection to Redis handles well at a time. */
const batchSize = 100;

/** Calls a function for each item, a batch at a time: one by one, each would wait for its own answer. */
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
