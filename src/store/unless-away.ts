import mongoose from 'mongoose';
import { messageOf, Unavailable } from '../core/errors.ts';

const { MongoNetworkError, MongoServerSelectionError } = mongoose.mongo;

/** The store with `Unavailable` in place of what the driver throws while the database is away. */
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

function tell(error: unknown): never {
  const isAway = error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
  if (!isAway) throw error;
  throw new Unavailable(`The database can't be used: ${messageOf(error)}`, {
    cause: error,
    hint: 'What was asked for may have been kept; look again when the database is back.',
  });
}
