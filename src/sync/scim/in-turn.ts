/** The last piece of work on each resource, while there is any. */
const last = new Map<string, Promise<unknown>>();

/**
 * Does one piece of work on a resource after the other, in the order of the calls. Parallel changes of one resource
 * would otherwise each read it, and all but one of them would read it again.
 */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(key) ?? Promise.resolve()).then(work);
  const ended = turn.catch(() => undefined);
  last.set(key, ended);
  try {
    return await turn;
  } finally {
    if (last.get(key) === ended) last.delete(key);
  }
}
