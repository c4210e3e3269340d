import mongoose from 'mongoose';
import { messageOf, Unavailable } from '../core/errors.ts';

const { MongoNetworkError, MongoServerSelectionError } = mongoose.mongo;

/** The store with `Unavailable` in place of the driver's errors while the database is away. */
export function unlessAway<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]): unknown => {
        const answer: unknown = Reflect.apply(method, target, args);
        return answer instanceof Promise ? answer.catch(tell) : answer;
      };
    },
  });
}

/**
 * Throws `Unavailable` for an error that means that the database is away, and any other one
 * unchanged.
 */
export function tell(error: unknown): never {
  if (!isAway(error)) throw error;
  throw new Unavailable(`The database can't be used: ${messageOf(error)}`, {
    cause: error,
    hint: 'What was asked for may have been kept; look again when the database is back.',
  });
}

/** Whether the driver lost the database, or can't find it. */
export function isAway(error: unknown): boolean {
  return error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
}
