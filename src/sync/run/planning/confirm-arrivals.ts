import { messageOf, SourceError } from '../../../core/errors.ts';
import { recordId, type SyncRecord } from '../../../core/model/record.ts';
import { limitOf } from '../../../core/plan/brakes.ts';
import { undecidedDraft } from '../../../core/plan/draft.ts';
import { concernsOneUser } from '../../source/ask-by-id.ts';
import type { RunContext } from '../run-context.ts';
import { incompleteReasonOf, replan } from './confirm-removals.ts';
import type { Proof } from './plan-by-id.ts';
import { sample } from './prove-absence.ts';

const chunkSize = 50;

/**
 * Asks for the own group list of every user that would come in because a group's list does not name it. A user whose
 * own list names the group is planned again on its full record; a user whose list can't be read is reported. When more
 * users come in than a run may remove, fifty at random are asked first: if a group's list missed one of them, none
 * comes in for that reason.
 */
export async function confirmArrivals(
  context: RunContext,
  arrivals: readonly string[],
  proof: Proof,
): Promise<void> {
  const known = new Map<string, Answer>();
  const limit = limitOf(context.store.config.safeguards.removals, await context.activeBefore());
  if (arrivals.length > limit) {
    await ask(context, sample(arrivals, context.random), known);
    const missed = [...known].find(([, answer]) => answer === 'missed');
    if (missed !== undefined) return refuseAll(context, arrivals, missed[0]);
  }
  const incompleteReason = incompleteReasonOf(context, proof);
  for (const chunk of chunksOf(arrivals, chunkSize)) {
    context.signal.throwIfAborted();
    await ask(
      context,
      chunk.filter((id) => !known.has(id)),
      known,
    );
    const records = await plannedOf(context, chunk);
    const answered = (record: SyncRecord) => known.get(record.externalId ?? '');
    const missed = records.filter((record) => answered(record) === 'missed');
    if (missed.length > 0) await replan(context, missed, { ...proof, incompleteReason });
    await report(context, records, (record) => {
      const answer = answered(record);
      return typeof answer === 'object' ? answer.unknown : null;
    });
  }
}

type Answer = 'absent' | 'missed' | { readonly unknown: string };

/** Notes what the own group lists of some users say. */
async function ask(
  { scope }: RunContext,
  externalIds: readonly string[],
  known: Map<string, Answer>,
): Promise<void> {
  const asked = externalIds.map(async (externalId) => {
    try {
      known.set(externalId, (await scope.isMissed(externalId)) ? 'missed' : 'absent');
    } catch (error) {
      if (!(error instanceof SourceError) || !concernsOneUser(error)) throw error;
      known.set(externalId, { unknown: `its own group list can't be read: ${messageOf(error)}` });
    }
  });
  await Promise.all(asked);
}

async function refuseAll(
  context: RunContext,
  arrivals: readonly string[],
  missed: string,
): Promise<void> {
  const count = arrivals.length;
  const reason = `a group's list lacks user ${missed}, whose own group list names it`;
  context.warnings.push(
    `${count} users would come in because a group's list does not name them, but ${reason}: none comes in for that reason`,
  );
  for (const chunk of chunksOf(arrivals, chunkSize)) {
    await report(context, await plannedOf(context, chunk), () => reason);
  }
}

async function plannedOf(
  { records, run }: RunContext,
  externalIds: readonly string[],
): Promise<readonly SyncRecord[]> {
  const found = await records.byIds(externalIds.map((id) => recordId(run.id, id)));
  return found.filter(({ status }) => status === 'planned');
}

/** Replaces the records that have a reason not to be applied by reports of it. */
async function report(
  context: RunContext,
  records: readonly SyncRecord[],
  reasonOf: (record: SyncRecord) => string | null,
): Promise<void> {
  const reports = records.flatMap((record) => {
    const reason = reasonOf(record);
    if (reason === null) return [];
    context.tally.move('inScope', 'problem', false);
    const person = { externalId: record.externalId ?? '', email: record.email };
    return [{ ...undecidedDraft(context.plan, person, reason), seq: record.seq }];
  });
  await context.records.replaceMany(reports);
}

function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
