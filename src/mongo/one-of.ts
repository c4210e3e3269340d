/**
 * Asks for one of many values of a field with a partial index on `$exists`. That the field exists goes without saying;
 * but engines on PostgreSQL no longer see it behind more than 100 values (MAX_SAOP_ARRAY_SIZE of its predtest.c), and
 * read the whole collection.
 */
export function oneOf<T>(values: readonly T[]): { readonly $exists: true; readonly $in: T[] } {
  return { $exists: true, $in: [...values] };
}
