/** So many groups are read at a time. */
const groupsTogether = 4;

/** Works on several groups at a time, and yields the results in their order. */
export async function* severalAtATime<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const item of items) {
    const result = work(item);
    // It may fail before its turn; the caller then gets the failure.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length < groupsTogether) continue;
    const first = underWay.shift();
    if (first !== undefined) yield await first;
  }
  for (const result of underWay) yield await result;
}
