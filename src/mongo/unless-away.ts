import mongoose from 'mongoose';
import { aroundMethods } from '../core/around-methods.ts';
import { messageOf, Unavailable } from '../core/errors.ts';
import { databaseTroubleIn, tellDatabaseTrouble } from './database-trouble.ts';

const { MongoNetworkError, MongoServerSelectionError } = mongoose.mongo;

/** The store with `Unavailable` in place of the driver's errors while the database is away or refuses its user. */
export function unlessAway<Store extends object>(store: Store): Store {
  return aroundMethods(store, (call) => {
    const answer = call();
    return answer instanceof Promise ? answer.catch(tell) : answer;
  });
}

/**
 * Throws `Unavailable` for an error that means that the database is away or refuses its user, and any other one
 * unchanged.
 */
export function tell(error: unknown): never {
  if (databaseTroubleIn(error) !== null) {
    throw tellDatabaseTrouble('The database', error, { asksForTls: false });
  }
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
