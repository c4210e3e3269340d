import type { Group } from '../../../core/model/group.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import { byUser } from '../records/blocking-records.ts';
import type { RunContext } from '../run-context.ts';
import type { SyncPorts } from '../run-ports.ts';
import type { GroupListing } from './list-groups.ts';

/** What the planning of groups works with. */
export interface GroupContext extends RunContext {
  readonly groups: SyncPorts['groups'];
  readonly recordPeople: SyncPorts['recordPeople'];
  readonly runs: SyncPorts['runs'];
  readonly clock: SyncPorts['clock'];
}

/** What planning found out about the groups of one run. */
export interface GroupPlanning extends GroupContext {
  readonly listing: GroupListing;
  /** The groups of the store, by source id. */
  readonly known: ReadonlyMap<string, Group>;
  /** No group was ever followed here: all that are found wait for a person. */
  readonly isFirstImport: boolean;
  readonly blockingGroups: BlockingGroups;
  /** How many left each group within the window before. */
  readonly leftEarlier: () => Promise<ReadonlyMap<string, number>>;
  /** Groups to be stored at once, aside from the plan: staged ones, and who waits to join. */
  readonly notes: Group[];
  /** Source ids of staged groups that are not meant any more. */
  readonly dropped: string[];
  /** Source ids of the groups that are followed after this run. */
  readonly followed: Set<string>;
  /** Source ids of people whom this run takes out of a followed group, or puts into one. */
  readonly leaving: Set<string>;
  readonly joining: Set<string>;
  /** Records of people who get a role: whether they are held is decided when all are known. */
  readonly grants: Draft[];
  /** Some people whom the lists of groups name. */
  readonly controls: string[];
  /** Source ids of the groups that this run unlinks. */
  readonly unlinked: Set<string>;
}

/** The records of earlier runs that block a change of a group: held ones, and ones that a person rejected. */
export interface BlockingGroups {
  readonly of: (externalId: string) => readonly SyncRecord[];
  readonly noLongerTrue: SyncRecord[];
  /** Source ids of groups with something that is held since an earlier run. */
  readonly heldEarlier: Set<string>;
}

/** Reads the records of groups that block a change in this run. */
export async function readBlocking({ records, store }: GroupContext): Promise<BlockingGroups> {
  const byGroup = byUser(await records.blockingGroups(store.id));
  return {
    of: (externalId) => byGroup.get(externalId) ?? [],
    noLongerTrue: [],
    heldEarlier: new Set(),
  };
}

/** A group that waited for a person, and is not meant any more. */
export function dropStaged(
  { blockingGroups, dropped }: GroupPlanning,
  { externalId }: Group,
): readonly Draft[] {
  blockingGroups.noLongerTrue.push(...blockingGroups.of(externalId));
  dropped.push(externalId);
  return [];
}
