import type { Member } from '../../../core/model/member.ts';
import { recordId, type SyncRecord } from '../../../core/model/record.ts';
import { blankDraft } from '../../../core/plan/draft.ts';
import { type Proof, planByIds } from '../planning/plan-by-id.ts';
import { needsChecks } from '../run-context.ts';
import type { GroupPlanning } from './group-planning.ts';
import { ownGroups, tellsOwnGroups } from './plan-moves.ts';

const peopleTogether = 50;

/**
 * Plans the status of people who leave the last followed group that they were in, and of those who left earlier and are
 * in one again. Each is asked for by id, so that another cause comes first, and the brake on removals counts them.
 */
export async function planLeft(planning: GroupPlanning, proof: Proof): Promise<void> {
  const { store, members, leaving, joining } = planning;
  if (
    store.config.groups.left !== 'deactivate' ||
    store.config.settings.statusSync.mode === 'ignore'
  )
    return;
  const marked = new Set(await members.leftGroups(store.id));
  const returning = [...joining].filter((id) => marked.has(id));
  const leftEarlier = await activeAmong(
    planning,
    [...marked].filter((id) => !joining.has(id)),
  );
  const left = [...new Set([...leaving, ...leftEarlier])].filter((id) => !joining.has(id));
  const now = planning.now();
  await planPeople(planning, proof, { ids: await inNoGroup(planning, left), leftGroupsAt: now });
  await planPeople(planning, proof, { ids: returning, leftGroupsAt: null });
}

async function activeAmong(
  { store, members }: GroupPlanning,
  ids: readonly string[],
): Promise<readonly string[]> {
  const active: string[] = [];
  for (let at = 0; at < ids.length; at += peopleTogether) {
    const some = await members.bySourceIds(store.id, ids.slice(at, at + peopleTogether));
    for (const { externalId, status } of some)
      if (status === 'active') active.push(externalId ?? '');
  }
  return active;
}

/** Those whose own list of groups names no followed group. Whoever can't be asked for stays. */
async function inNoGroup(
  { directory, followed, controls }: GroupPlanning,
  ids: readonly string[],
): Promise<readonly string[]> {
  const out: string[] = [];
  const empty: string[] = [];
  for (const id of ids) {
    const own = await ownGroups(directory, id);
    if (own === 'empty') empty.push(id);
    else if (own !== null && !own.some((group) => followed.has(group))) out.push(id);
  }
  if (empty.length === 0) return out;
  const tells = await tellsOwnGroups(directory, controls, (own) => own.length > 0);
  return tells ? [...out, ...empty] : out;
}

/** Plans people again as if they had left their groups then, or had not. */
async function planPeople(
  planning: GroupPlanning,
  proof: Proof,
  { ids, leftGroupsAt }: { readonly ids: readonly string[] } & Pick<Member, 'leftGroupsAt'>,
): Promise<void> {
  const { run, store, members, records, blocking, tally, takeSeq, planSummary } = planning;
  const asIf = (found: readonly Member[]) => found.map((member) => ({ ...member, leftGroupsAt }));
  const context = {
    ...planning,
    members: {
      ...planning.members,
      byIds: async (some: readonly string[]) => asIf(await members.byIds(some)),
    },
  };
  for (let at = 0; at < ids.length; at += peopleTogether) {
    planning.signal.throwIfAborted();
    const some = ids.slice(at, at + peopleTogether);
    const present = await records.byIds(some.map((id) => recordId(run.id, id)));
    const recordOf = new Map(present.map((record) => [record.externalId, record]));
    const found = await members.bySourceIds(store.id, some);
    const asked = found.map(
      (member): SyncRecord => recordOf.get(member.externalId) ?? blankOf(run.id, member),
    );
    const open = await blocking.of(some);
    for await (const { record, plan } of planByIds(context, asked, proof)) {
      if (record.status !== 'planned') continue;
      const { draft, category } = blocking.planAround(record.externalId ?? '', open, plan);
      if (draft === null || draft.changes.length === 0) continue;
      const isNew = !recordOf.has(record.externalId);
      if (isNew && category === 'inScope') tally.changeUnchanged();
      const seq = isNew ? takeSeq() : record.seq;
      const planned = { ...draft, seq, confirmed: draft.cause !== null };
      planSummary.needsChecks ||= needsChecks(planned);
      await (isNew ? records.insertMany([planned]) : records.replaceMany([planned]));
    }
    await blocking.close();
  }
}

function blankOf(runId: string, { id, externalId, fields }: Member): SyncRecord {
  return { ...blankDraft({ runId }, externalId, fields.email ?? null), memberId: id, seq: -1 };
}
