import { groupDraft } from '../../../core/groups/group-draft.ts';
import { heldLoss } from '../../../core/groups/group-loss.ts';
import { type Group, type GroupResults, noGroupCounts } from '../../../core/model/group.ts';
import {
  groupRecordId,
  type MoveList,
  partOf,
  type SyncRecord,
} from '../../../core/model/record.ts';
import type { Run } from '../../../core/model/run.ts';
import type { DirectoryStore } from '../../../core/model/store.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import { undoneRecordId } from '../../../core/plan/plan-undo.ts';
import { countGroups } from '../records/count-groups.ts';
import { recordsOf } from '../records/read-records.ts';
import type { SyncPorts } from '../run-ports.ts';
import type { ConfirmGroup } from './confirm-groups.ts';
import { membersInGroup, saveMoves } from './plan-moves.ts';

interface Undoing {
  readonly run: Run;
  readonly undoOf: string;
  /** Null for an edit by hand of a member without a store, which changes no group. */
  readonly store: DirectoryStore | null;
}

type UndoPorts = Pick<SyncPorts, 'groups' | 'members' | 'records' | 'recordPeople' | 'runs'>;

/** Plans the inverse of what a run did to groups; null when it did nothing to any. */
export async function planUndoGroups(
  ports: UndoPorts,
  undoing: Undoing & { readonly takeSeq: () => number; readonly warnings: string[] },
): Promise<GroupResults | null> {
  const { run, undoOf, store, takeSeq, warnings } = undoing;
  if (store === null || ((await ports.runs.get(undoOf))?.groups ?? null) === null) return null;
  const applied = { kind: 'group', statuses: ['applied'] } as const;
  for await (const original of recordsOf(ports.records, undoOf, applied)) {
    const draft = await planUndo(ports, { ...undoing, store }, original);
    if (draft.status === 'held') warnings.push(draft.reason);
    await ports.records.insertMany([{ ...draft, seq: takeSeq() }]);
  }
  const counts = { ...noGroupCounts, ...(await countGroups(ports.records, run.id)) };
  return { counts, certificate: null };
}

/** Plans an approved record of an undo again, on the group as it is now. */
export function replanUndo(ports: UndoPorts, undoing: Undoing): ConfirmGroup {
  return async (record) => {
    const { store, undoOf } = undoing;
    const [original] = await ports.records.byIds([undoneRecordId(undoOf, record)]);
    if (store === null || original?.status !== 'applied') return { draft: null, unknown: null };
    const draft = await planUndo(ports, { ...undoing, store }, original);
    return draft.status === 'reported' ? { draft: null, unknown: null } : { draft };
  };
}

type InStore = Omit<Undoing, 'store'> & { readonly store: DirectoryStore };

async function planUndo(ports: UndoPorts, undoing: InStore, original: SyncRecord): Promise<Draft> {
  const { store } = undoing;
  const group = await ports.groups.get(store.id, original.externalId ?? '');
  if (original.action === 'delete') return planReturn(ports, undoing, { original, group });
  if (group === null)
    return reported(undoing, original, 'there is nothing of it left to take back');
  return original.action === 'create'
    ? planWithdrawal(ports, undoing, { original, group })
    : planReversal(ports, undoing, { original, group });
}

/** A removed group comes back with the people whom it had, as far as they are members. */
async function planReturn(
  ports: UndoPorts,
  undoing: InStore,
  { original, group }: { readonly original: SyncRecord; readonly group: Group | null },
): Promise<Draft> {
  if (group !== null) return reported(undoing, original, 'there is a group with this id again');
  const added: string[] = [];
  for await (const page of ports.recordPeople.pages(original.id, 'removed')) {
    added.push(...(await ports.members.sourceIdsAmong(undoing.store.id, page)));
  }
  return drafted(ports, undoing, {
    original,
    action: 'create',
    changes: inverse(original),
    added,
    removed: [],
    reason: `takes back that run ${original.runId} removed it`,
  });
}

/** A group that a run brought goes again, unless people are in it whom that run did not put in. */
async function planWithdrawal(
  ports: UndoPorts,
  undoing: InStore,
  { original, group }: { readonly original: SyncRecord; readonly group: Group },
): Promise<Draft> {
  const put = await peopleOf(ports, original, 'added');
  const removed: string[] = [];
  for await (const page of membersInGroup({ ...ports, store: undoing.store }, group.externalId)) {
    removed.push(...page);
  }
  if (removed.some((id) => !put.has(id))) {
    return reported(undoing, original, 'people are in it whom another run put in');
  }
  return drafted(ports, undoing, {
    original,
    action: 'delete',
    changes: inverse(original),
    added: [],
    removed,
    reason: `takes back that run ${original.runId} brought it`,
  });
}

/** Name, status and people go back, as far as they are still what the run made of them. */
async function planReversal(
  ports: UndoPorts,
  undoing: InStore,
  { original, group }: { readonly original: SyncRecord; readonly group: Group },
): Promise<Draft> {
  const { store } = undoing;
  const here = new Set<string>();
  for await (const page of membersInGroup({ ...ports, store }, group.externalId)) {
    for (const id of page) here.add(id);
  }
  const put = await peopleOf(ports, original, 'added');
  const taken = await peopleOf(ports, original, 'removed');
  const removed = [...put].filter((id) => here.has(id));
  const absent = [...taken].filter((id) => !here.has(id));
  const added = await ports.members.sourceIdsAmong(store.id, absent);
  const now: Readonly<Record<string, string>> = { name: group.name, status: group.status };
  const changes = inverse(original).filter(({ field, from }) => now[field] === from);
  const revoked = [...(await peopleOf(ports, original, 'granted'))];
  if (changes.length + added.length + removed.length + revoked.length === 0) {
    return reported(undoing, original, 'there is nothing of it left to take back');
  }
  const held = heldLoss({
    name: group.name,
    members: here.size,
    added: added.length,
    removed: removed.length,
    gone: 0,
    earlier: 0,
    window: store.config.safeguards.window,
  });
  const draft = await drafted(ports, undoing, {
    original,
    action: 'update',
    changes,
    added,
    removed,
    revoked,
    reason: held ?? `takes back a change of run ${original.runId}`,
  });
  return held === null ? draft : { ...draft, status: 'held' };
}

async function peopleOf(
  { recordPeople }: UndoPorts,
  { id }: SyncRecord,
  list: MoveList,
): Promise<ReadonlySet<string>> {
  const people = new Set<string>();
  for await (const page of recordPeople.pages(id, list)) for (const each of page) people.add(each);
  return people;
}

type GroupChanges = NonNullable<Parameters<typeof groupDraft>[1]['changes']>;

function inverse({ changes }: SyncRecord): GroupChanges {
  return changes.flatMap(({ field, from, to }) =>
    field === 'name' || field === 'status' ? [{ field, from: to, to: from }] : [],
  );
}

async function drafted(
  ports: UndoPorts,
  { run }: Undoing,
  planned: {
    readonly original: SyncRecord;
    readonly changes: GroupChanges;
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly revoked?: readonly string[];
  } & Pick<Draft, 'action' | 'reason'>,
): Promise<Draft> {
  const { original, added, removed, revoked = [], ...rest } = planned;
  const part = partOf(original);
  const externalId = original.externalId ?? '';
  const recordId = groupRecordId(run.id, externalId, part);
  await ports.recordPeople.removeMany([recordId]);
  const lists = { added, removed, revoked };
  const moves = await saveMoves(ports, { runId: run.id, recordId }, lists);
  return groupDraft(run.id, {
    ...rest,
    group: { externalId, name: original.name ?? '' },
    part,
    moves,
    confirmed: true,
  });
}

function reported({ run }: Undoing, original: SyncRecord, reason: string): Draft {
  const group = { externalId: original.externalId ?? '', name: original.name ?? '' };
  const part = partOf(original);
  return groupDraft(run.id, { group, part, action: 'problem', status: 'reported', reason });
}
