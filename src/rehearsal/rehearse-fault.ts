import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import type { Run } from '../core/model/run.ts';
import type { SystemUser } from '../simulator/directory/system-user.ts';
import type { Simulator } from '../simulator/simulator.ts';
import {
  type Evidence,
  type Invariant,
  type Recovered,
  recoveryInvariants,
  runInvariants,
} from './invariants.ts';

/** A temporary store, and the simulated directory that it follows. */
export interface Stage {
  readonly simulator: Pick<Simulator, 'people' | 'setFaults' | 'requests' | 'clearRequests'>;
  /** The group whose members are in scope; null when all users are. */
  readonly group: string | null;
  /** Syncs once, to the end. A run that is to meet faults soon gives up on the directory. */
  sync(directory?: 'faulty'): Promise<Run>;
  /** Gives the store its credential again. */
  reauthorize(): Promise<void>;
  members(): Promise<readonly Member[]>;
  records(runId: string): Promise<readonly SyncRecord[]>;
}

/** The result of one invariant. */
interface Finding {
  readonly invariant: string;
  /** What broke it; null when it held. */
  readonly broken: string | null;
}

export interface Rehearsed {
  readonly faults: readonly string[];
  /** How the run with the faults ended. */
  readonly run: Run;
  readonly findings: readonly Finding[];
}

/**
 * Syncs a store, changes some users at its directory, and syncs it again while the directory has
 * these faults; then twice more after it recovered. Returns for each invariant whether it held.
 */
export async function rehearse(stage: Stage, faults: readonly string[]): Promise<Rehearsed> {
  const { simulator } = stage;
  await stage.sync();
  changePeople(stage);
  const evidence = await syncUnderFaults(stage, faults);
  simulator.setFaults([]);
  await stage.reauthorize();
  const recovered = await recover(stage);
  return {
    faults,
    run: evidence.run,
    findings: [...checkAll(runInvariants, evidence), ...checkAll(recoveryInvariants, recovered)],
  };
}

/** True changes, which a sync must tell from faults: a few users leave, arrive, and change. */
function changePeople(stage: Stage): void {
  const { simulator, group } = stage;
  const { people } = simulator;
  const [leaver, suspended, moved, renamed, outOfGroup] = activeIds(stage);
  if (leaver !== undefined) people.remove(leaver);
  if (suspended !== undefined) people.suspend(suspended);
  if (moved !== undefined) people.update(moved, { department: 'Elsewhere' });
  if (renamed !== undefined) people.rename(renamed, { firstname: 'Ada', lastname: 'Lovelace' });
  const hires = people.hireMany(2);
  if (group === null) return;
  for (const { _id } of hires) people.groups.addMember(group, _id);
  if (outOfGroup !== undefined) people.groups.removeMember(group, outOfGroup);
}

async function syncUnderFaults(stage: Stage, faults: readonly string[]): Promise<Evidence> {
  const { simulator } = stage;
  const before = await stage.members();
  // A fault may make a user inactive and active again: that user was not active all the time.
  const stateChanges = (id: string) => simulator.people.stateChangesOf(id);
  const activeBefore = activeIds(stage).map((id) => ({ id, changes: stateChanges(id) }));
  simulator.setFaults(faults);
  simulator.clearRequests();
  const run = await stage.sync('faulty');
  const requests = simulator.requests.length;
  const activeAfter = new Set(activeIds(stage));
  const stillActive = activeBefore.filter(
    ({ id, changes }) => activeAfter.has(id) && stateChanges(id) === changes,
  );
  return {
    run,
    requests,
    before,
    after: await stage.members(),
    records: await stage.records(run.id),
    stillActive: new Set(stillActive.map(({ id }) => id)),
  };
}

async function recover(stage: Stage): Promise<Recovered> {
  await stage.sync();
  const before = await stage.members();
  const again = await stage.sync();
  const after = await stage.members();
  return {
    people: inScope(stage),
    members: before,
    again: { run: again, before, after },
  };
}

function inScope({ simulator: { people }, group }: Stage): readonly SystemUser[] {
  if (group === null) return people.all();
  const members = new Set(people.groups.membersOf(group));
  return people.all().filter(({ _id }) => members.has(_id));
}

function activeIds(stage: Stage): readonly string[] {
  const active = inScope(stage).filter(({ state }) => state === 'ACTIVATED');
  return active.map(({ _id }) => _id);
}

function checkAll<Seen>(invariants: readonly Invariant<Seen>[], seen: Seen): readonly Finding[] {
  return invariants.map(({ name, check }) => ({ invariant: name, broken: check(seen) }));
}
