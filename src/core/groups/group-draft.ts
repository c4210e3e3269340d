import type { Group } from '../model/group.ts';
import { type Change, type GroupPart, groupRecordId, type Moves } from '../model/record.ts';
import { blankDraft, type Draft } from '../plan/draft.ts';

const noMoves: Moves = { added: 0, removed: 0, gone: 0, granted: 0, revoked: 0 };

/** What a record changes in a group besides its people. */
type GroupChange = { readonly field: 'name' | 'status' | 'role' } & Pick<Change, 'from' | 'to'>;

interface GroupDraft
  extends Pick<Draft, 'action' | 'reason'>,
    Partial<Pick<Draft, 'status' | 'blocksInStore' | 'confirmed'>> {
  readonly group: Pick<Group, 'externalId' | 'name'>;
  readonly changes?: readonly GroupChange[];
  readonly moves?: Moves;
  readonly part?: GroupPart;
}

/** A record of a group before it has a place in the run's order. */
export function groupDraft(
  runId: string,
  { group, part, changes = [], moves = noMoves, ...rest }: GroupDraft,
): Draft {
  const { externalId, name } = group;
  return {
    ...blankDraft({ runId }, externalId, null),
    id: groupRecordId(runId, externalId, part),
    kind: 'group',
    name,
    changes,
    moves,
    ...rest,
  };
}

/** The changes of name and status from a group as it stands; null: there is none. */
export function groupChanges(
  before: Pick<Group, 'name' | 'status'> | null,
  after: Pick<Group, 'name' | 'status'>,
): readonly GroupChange[] {
  return (['name', 'status'] as const)
    .map((field) => ({ field, from: before?.[field] ?? null, to: after[field] }))
    .filter(({ from, to }) => from !== to);
}

/** A group as a record leaves it; `before` is the group as it stands, null where there is none. */
export function groupAfter(
  before: Group | null,
  record: Pick<Draft, 'externalId' | 'changes' | 'name'>,
  made: { readonly storeId: string; readonly now: Date },
): Group {
  const { storeId, now } = made;
  const base: Group = before ?? {
    storeId,
    externalId: record.externalId ?? '',
    name: record.name ?? '',
    status: 'followed',
    waiting: [],
    createdAt: now,
    updatedAt: now,
  };
  const changed = Object.fromEntries(
    record.changes.filter(({ field }) => field !== 'role').map(({ field, to }) => [field, to]),
  );
  return { ...base, ...changed, updatedAt: now };
}
