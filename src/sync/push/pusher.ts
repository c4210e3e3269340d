import { groupReferences } from '../../core/criteria/criteria.ts';
import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { type Standing, standingOf } from '../../core/scim/standing.ts';
import type { DirectoryStores, Ports, RunStore } from '../ports.ts';
import { applyBatch, closeOver, settleBatch } from './apply-people.ts';
import {
  type PeoplePlan,
  planPeople,
  type PlannedPerson,
  type ReadyStore,
  readyStore,
} from './plan-people.ts';
import { endPushRun, openPushRun, type PushRun, takeInto } from './push-run.ts';

export interface PusherPorts
  extends Pick<Ports, 'members' | 'records' | 'scim' | 'alerts' | 'clock'> {
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly runs: Pick<RunStore, 'insertUnderWay' | 'update' | 'list' | 'get' | 'amend'>;
}

export type Standings = ReadonlyMap<string, Standing>;

/** Makes members of what directories push. */
export interface Pusher {
  /**
   * Plans these users on what is kept of them now, and applies it. Pushes that come while others are at work are
   * taken together. Answers how each user stands; who is neither kept nor was removed is left out.
   */
  push(storeId: string, ids: readonly string[]): Promise<Standings>;
  /** These users' groups have changed: the same, where the sync criteria ask for groups. */
  pushGroups(storeId: string, ids: readonly string[]): Promise<void>;
  /** How users stand, without changing anything. */
  standingsOf(storeId: string, ids: readonly string[]): Promise<Standings>;
  /** Ends the runs that are open; what is pushed afterwards opens new ones. */
  endRuns(): Promise<void>;
}

/** A run ends when nothing was pushed for so long, */
const quietMs = 5_000;
/** and after so long at the latest. */
const longestMs = 60_000;
const mostTogether = 1_000;
const mostRepeats = 5;

/** What waits for its turn in one store. */
interface Waiting {
  readonly ids: readonly string[];
  readonly resolve: (standings: Standings) => void;
  readonly reject: (error: unknown) => void;
}

/** One store's pushes, one batch after the other. */
interface Lane {
  readonly waiting: Waiting[];
  work: Promise<void> | null;
  open: PushRun | null;
  timer: NodeJS.Timeout | null;
  ready: ReadyStore | null;
}

export interface PusherEvents {
  readonly onRunEnded: (run: Run) => void;
  /** A run could not be ended: a worker does it. */
  readonly onError: (error: unknown) => void;
}

const unheard: PusherEvents = { onRunEnded: () => undefined, onError: () => undefined };

export function createPusher(
  ports: PusherPorts,
  { onRunEnded, onError }: PusherEvents = unheard,
): Pusher {
  const lanes = new Map<string, Lane>();
  const laneOf = (storeId: string): Lane => {
    const present = lanes.get(storeId);
    if (present !== undefined) return present;
    const made: Lane = { waiting: [], work: null, open: null, timer: null, ready: null };
    lanes.set(storeId, made);
    return made;
  };
  const endRun = async (lane: Lane): Promise<void> => {
    const { open } = lane;
    if (lane.timer !== null) clearTimeout(lane.timer);
    lane.timer = null;
    lane.open = null;
    const ended = open === null ? null : await endPushRun(ports, open);
    if (ended !== null) onRunEnded(ended);
  };
  /** After the batch that is at work, so that none is written into a run that has ended. */
  const endWhenIdle = (lane: Lane): Promise<void> =>
    enqueueWork(lane, () => endRun(lane)).catch(onError);
  const armEnd = (lane: Lane): void => {
    if (lane.open === null) return;
    if (lane.timer !== null) clearTimeout(lane.timer);
    const age = ports.clock.now().getTime() - lane.open.openedAt.getTime();
    const delay = Math.max(0, Math.min(quietMs, longestMs - age));
    lane.timer = setTimeout(() => void endWhenIdle(lane), delay);
    lane.timer.unref();
  };
  const serve = async (storeId: string, lane: Lane): Promise<void> => {
    while (lane.waiting.length > 0) {
      const turn = takeTurn(lane.waiting);
      try {
        const ids = [...new Set(turn.flatMap((each) => each.ids))];
        const standings = await pushBatch(ports, { storeId, lane, ids, endRun });
        for (const { resolve } of turn) resolve(standings);
      } catch (error) {
        for (const { reject } of turn) reject(error);
      }
      armEnd(lane);
    }
  };
  const push = (storeId: string, ids: readonly string[]): Promise<Standings> => {
    const lane = laneOf(storeId);
    return new Promise((resolve, reject) => {
      lane.waiting.push({ ids, resolve, reject });
      if (lane.waiting.length === 1) void enqueueWork(lane, () => serve(storeId, lane));
    });
  };
  return {
    push,
    async pushGroups(storeId, ids) {
      const store = ids.length === 0 ? null : await ports.stores.get(storeId);
      if (store === null || groupReferences(store.config.criteria).length === 0) return;
      for (let at = 0; at < ids.length; at += mostTogether) {
        await push(storeId, ids.slice(at, at + mostTogether));
      }
    },
    async standingsOf(storeId, ids) {
      const store = await ports.stores.get(storeId);
      if (store === null || ids.length === 0) return new Map();
      const ready = readyOf(laneOf(storeId), store);
      const plan = await planPeople(ports, { ready, ids });
      return standingsAfter(plan.people, { records: new Map(), store });
    },
    async endRuns() {
      await Promise.all([...lanes.values()].map(endWhenIdle));
    },
  };
}

function enqueueWork(lane: Lane, work: () => Promise<void>): Promise<void> {
  const next = (lane.work ?? Promise.resolve()).catch(() => undefined).then(work);
  lane.work = next;
  return next;
}

/** As many as are waiting, up to a bound. */
function takeTurn(waiting: Waiting[]): readonly Waiting[] {
  let people = 0;
  let count = 0;
  for (const { ids } of waiting) {
    if (count > 0 && people + ids.length > mostTogether) break;
    people += ids.length;
    count += 1;
  }
  return waiting.splice(0, count);
}

function readyOf(lane: Lane, store: DirectoryStore): ReadyStore {
  const isSame = lane.ready?.store.configRevision === store.configRevision;
  const ready = isSame && lane.ready !== null ? { ...lane.ready, store } : readyStore(store);
  lane.ready = ready;
  return ready;
}

interface Batch {
  readonly storeId: string;
  readonly lane: Lane;
  readonly ids: readonly string[];
  readonly endRun: (lane: Lane) => Promise<void>;
}

/** Again for those whose member or resource was changed by another process meanwhile, until none was. */
async function pushBatch(ports: PusherPorts, batch: Batch): Promise<Standings> {
  const { lane, storeId } = batch;
  const found = new Map<string, Standing>();
  let ids = batch.ids;
  for (let repeat = 0; ids.length > 0; repeat += 1) {
    const store = await ports.stores.get(storeId);
    if (store === null) return found;
    const ready = readyOf(lane, store);
    const plan = await planPeople(ports, { ready, ids });
    if (store.status === 'paused') {
      return standingsAfter(plan.people, { records: new Map(), store });
    }
    const { records, again } = await writeBatch(ports, {
      ...batch,
      ready,
      plan,
      mayRepeat: repeat < mostRepeats,
    });
    for (const [id, standing] of standingsAfter(plan.people, { records, store })) {
      found.set(id, standing);
    }
    ids = again;
  }
  return found;
}

type Records = ReadonlyMap<string, Parameters<typeof standingOf>[0]['record']>;

async function writeBatch(
  ports: PusherPorts,
  work: Batch & {
    readonly ready: ReadyStore;
    readonly plan: PeoplePlan;
    readonly mayRepeat: boolean;
  },
): Promise<{ readonly records: Records; readonly again: readonly string[] }> {
  const { lane, ready, plan, storeId, mayRepeat } = work;
  await closeOver(ports, plan);
  const settled = await settleBatch(ports, ready, plan);
  if (settled.length === 0) return { records: new Map(), again: [] };
  // One record a person and run: who comes again opens the next one.
  const comesAgain = settled.some(({ externalId }) => lane.open?.people.has(externalId ?? ''));
  if (comesAgain) await work.endRun(lane);
  lane.open ??= await openPushRun(ports, ready.store);
  const { open } = lane;
  const categories = new Map(
    plan.people.map(({ externalId, verdict }) => [externalId, verdict.category]),
  );
  const placed = takeInto(open, settled, (id) => categories.get(id) ?? 'inScope');
  for (const { externalId, version } of plan.people)
    if (version === null) open.gone.add(externalId);
  const { records, again } = await applyBatch(ports, {
    runId: open.run.id,
    storeId,
    records: placed,
    mayRepeat,
  });
  for (const id of again) open.people.delete(id);
  const changed = mayRepeat ? await changedSince(ports, { storeId, plan, records }) : [];
  return {
    records: new Map(records.map((record) => [record.externalId ?? '', record])),
    again: [...new Set([...again, ...changed])],
  };
}

/**
 * Whose resource another process changed after it was read here: that one found the member as it was before this write,
 * and may have had nothing to do.
 */
async function changedSince(
  ports: PusherPorts,
  about: {
    readonly storeId: string;
    readonly plan: PeoplePlan;
    readonly records: readonly { readonly externalId: string | null; readonly status: string }[];
  },
): Promise<readonly string[]> {
  const written = new Set(
    about.records.filter(({ status }) => status === 'applied').map(({ externalId }) => externalId),
  );
  const people = about.plan.people.filter(({ externalId }) => written.has(externalId));
  if (people.length === 0) return [];
  const ids = people.map(({ externalId }) => externalId);
  const versions = await ports.scim.users.versions(about.storeId, ids);
  return people
    .filter(({ externalId, version }) => version !== null && versions.get(externalId) !== version)
    .map(({ externalId }) => externalId);
}

function standingsAfter(
  people: readonly PlannedPerson[],
  { records, store }: { readonly records: Records; readonly store: DirectoryStore },
): Standings {
  return new Map(
    people.map((person) => [
      person.externalId,
      standingOf({
        ...person,
        record: records.get(person.externalId) ?? null,
        isPaused: store.status === 'paused',
      }),
    ]),
  );
}
