import { setTimeout as wait } from 'node:timers/promises';
import type { MemberDocument } from '../../src/mongo/models/member.model.ts';
import type { DatabaseView } from '../../test/e2e/database.ts';
import { type FollowedStore, noteAway, wasNeverAway } from './followed-store.ts';
import type { Stage } from './stage.ts';

/** Observations that can't be made at the end. */
export interface Watch {
  /** Members that were inactive although their user was always to be active. */
  readonly wronglyOut: Set<string>;
  /** Records that were seen held. */
  readonly everHeld: Set<string>;
  /** Stores with more scheduled runs queued than one. */
  readonly piledUp: Set<string>;
  /** How many times the watch read the database. */
  readonly looks: () => number;
  end(): Promise<void>;
}

const pauseMs = 400;

/** Reads the database all the time, as far as it is reachable. */
export function startWatching({ view, stores }: Pick<Stage, 'view' | 'stores'>): Watch {
  const wronglyOut = new Set<string>();
  const everHeld = new Set<string>();
  const piledUp = new Set<string>();
  const seen = new Set<string>();
  let looks = 0;
  let isOver = false;
  const look = async (): Promise<void> => {
    for (const store of stores) noteAway(store);
    const held = await view.raw.collection('records').find({ status: 'held' }).toArray();
    for (const { _id } of held) everHeld.add(String(_id));
    for (const out of await findWronglyOut(view, { stores, seen })) wronglyOut.add(out);
    const scheduled = await view.runs({ status: 'queued', trigger: 'schedule' });
    const ofStores = scheduled.map(({ storeId = '' }) => storeId);
    for (const id of ofStores) if (ofStores.filter((one) => one === id).length > 1) piledUp.add(id);
    looks += 1;
  };
  const over = (async () => {
    while (!isOver) {
      // The database is away sometimes.
      await look().catch(() => undefined);
      await wait(pauseMs);
    }
  })();
  return {
    wronglyOut,
    everHeld,
    piledUp,
    looks: () => looks,
    async end() {
      isOver = true;
      await over;
    },
  };
}

/** Members that were active once, are not now, and whose user never gave a reason. An undo is a reason. */
async function findWronglyOut(
  view: DatabaseView,
  { stores, seen }: { readonly stores: readonly FollowedStore[]; readonly seen: Set<string> },
): Promise<readonly string[]> {
  const members = await view.members();
  const byExternalId = new Map(members.map((member) => [member.externalId, member]));
  const out: string[] = [];
  for (const store of stores) {
    for (const id of store.simulator.people.ids) {
      const member = byExternalId.get(id);
      if (member?.status === 'active') seen.add(id);
      else if (seen.has(id) && wasNeverAway(store, id) && !(await wasUndone(view, id))) {
        out.push(describe(id, member));
      }
    }
  }
  return out;
}

function describe(id: string, member: MemberDocument | undefined): string {
  if (member === undefined) return `${id}: no member any more`;
  return `${id}: ${member.status}, ${member.inactiveCause}, last by record ${member.lastRecord}`;
}

async function wasUndone(view: DatabaseView, externalId: string): Promise<boolean> {
  const undoRuns = (await view.runs({ mode: 'undo' })).map(({ _id }) => _id);
  const records = view.raw.collection('records');
  return (await records.countDocuments({ runId: { $in: undoRuns }, externalId })) > 0;
}
