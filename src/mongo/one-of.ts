/**
 * A query for one of many values of a field with a partial index on `$exists`. A value implies that
 * the field exists; but engines on PostgreSQL no longer derive that from more than 100 values
 * (MAX_SAOP_ARRAY_SIZE of its predtest.c), and read the whole collection.
 */
export function oneOf<T>(values: readonly T[]): { readonly $exists: true; readonly $in: T[] } {
  return { $exists: true, $in: [...values] };
}
