import type { SystemUser } from '../../src/simulator/directory/system-user.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** A directory store and its JumpCloud. */
export interface FollowedStore {
  readonly name: string;
  readonly simulator: Simulator;
  /** Whether a user is in scope by the store's criteria. */
  readonly isInScope: (user: SystemUser) => boolean;
  /** The store's configuration as a file. */
  readonly file: string;
  /** Users that, at any time, ought not to be active. */
  readonly everAway: Set<string>;
}

export const shouldBeActive = ({ isInScope }: FollowedStore, user: SystemUser): boolean =>
  user.state === 'ACTIVATED' && isInScope(user);

/** Stores the users that ought not to be active now. */
export function noteAway(store: FollowedStore): void {
  for (const user of store.simulator.people.all()) {
    if (!shouldBeActive(store, user)) store.everAway.add(user._id);
  }
}

/** Whether a user existed, and ought to have been active, all the time. */
export function wasNeverAway({ everAway, simulator }: FollowedStore, externalId: string): boolean {
  return !everAway.has(externalId) && simulator.people.find(externalId) !== undefined;
}

const smallScope = ['Engineering', 'Sales', 'Marketing', 'Customer Support', 'Finance'];

/** A store with safeguards that hold nearly nothing, on a schedule. */
export const generous: Pick<FollowedStore, 'isInScope' | 'file'> = {
  isInScope: () => true,
  file: `safeguards:
  removals: { percent: 100, floor: 100000 }
  emailChanges: { percent: 100, floor: 100000 }
  blanks: { percent: 100, floor: 100000 }
  window: 24h
schedule: { enabled: true, frequency: cron, cron: "* * * * *", timezone: UTC }
`,
};

/** A store of some departments with safeguards that hold nearly every change. */
export const careful: Pick<FollowedStore, 'isInScope' | 'file'> = {
  isInScope: ({ department = '' }) => smallScope.includes(department),
  file: `safeguards:
  removals: { percent: 1, floor: 2 }
  emailChanges: { percent: 1, floor: 2 }
  blanks: { percent: 1, floor: 2 }
  window: 1h
criteria:
  users: { conditions: [ { attribute: department, operator: in, value: [${smallScope.join(', ')}] } ] }
`,
};
