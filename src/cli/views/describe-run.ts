import type { GroupCounts } from '../../core/model/group.ts';
import type { SyncRecord } from '../../core/model/record.ts';
import { hasEnded, heldIn, plannedWrites, type Run } from '../../core/model/run.ts';
import type { RecordView } from '../../manage/runs/view-records.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, formatPairs } from '../terminal/table.ts';
import {
  changeText,
  counted,
  describeCounts,
  describePart,
  duration,
  exactTime,
  plural,
  relativeTime,
} from './words.ts';

export const runStyles: Readonly<Partial<Record<Run['status'], Style>>> = {
  queued: 'dim',
  succeeded: 'green',
  held: 'yellow',
  failed: 'red',
  cancelled: 'yellow',
};

/** How long a run took; null while it is under way or when it never began. */
export function tookText({ startedAt, finishedAt }: Run): string | null {
  if (startedAt === null || finishedAt === null) return null;
  return duration(finishedAt.getTime() - startedAt.getTime());
}

/** The result of a run, in one line. */
export function resultText(run: Run): string {
  if (run.error !== null) return run.error.message;
  if (run.status === 'queued') return 'waits for a worker';
  if (!hasEnded(run)) return 'under way';
  if (run.status === 'planned') return `would be: ${describeCounts(run.counts)}`;
  return isWhole(run) ? describeCounts(run.counts) : describePart(run.counts);
}

/** Whether all that was planned is applied. */
function isWhole({ counts }: Run): boolean {
  return counts.held === 0 && counts.applied === plannedWrites(counts);
}

/** The result of a run for the user who waited for it, a few lines. */
export function summarizeRun(run: Run): readonly string[] {
  if (!hasEnded(run)) return [`Run ${run.id} ${verbs[run.status]}.`];
  const took = tookText(run);
  const when = took === null ? '' : ` after ${took}`;
  const lines = [`Run ${run.id} ${verbs[run.status]}${when}: ${resultText(run)}`];
  if (run.counts.listed > 0) lines.push(scopeText(run));
  if (run.groups !== null) lines.push(`Groups: ${groupsText(run.groups.counts)}`);
  lines.push(...run.warnings.map((warning) => `Warning: ${warning}`));
  const details = `See the records with: rollcall runs show ${run.id} --records`;
  if (run.status === 'planned') lines.push(`This was a preview: nothing was written. ${details}`);
  else if (heldIn(run) > 0) lines.push(...heldLines(run));
  else if (run.counts.conflict + run.counts.problem + run.counts.failed > 0) lines.push(details);
  return lines;
}

function heldLines({ id }: Run): readonly string[] {
  return [
    `Held records wait for a person. See them with: rollcall runs show ${id} --records`,
    `Let it be applied with: rollcall runs approve ${id}`,
    `Or keep things as they are with: rollcall runs reject ${id}`,
  ];
}

/** The result of a decision on held records, a few lines. */
export function describeDecided(run: Run, before: Pick<Run, 'warnings'>): readonly string[] {
  const { decided } = run;
  if (decided === null) return summarizeRun(run);
  const { verdict, done, noLongerTrue, failed, error } = decided;
  if (error !== null) {
    return [`Nothing was ${verdict === 'approve' ? 'approved' : 'rejected'}: ${error.message}`];
  }
  const parts = [
    `${plural(done, 'record')} ${verdict === 'approve' ? 'applied' : 'rejected'}`,
    ...counted([
      [noLongerTrue, 'no longer true'],
      [failed, 'could not be done'],
    ]),
  ];
  const details = `See why with: rollcall runs show ${run.id} --records`;
  const news = run.warnings.filter((warning) => !before.warnings.includes(warning));
  const lines = [`${parts.join(', ')}.`, ...news.map((warning) => `Warning: ${warning}`)];
  if (failed > 0) lines.push(details);
  lines.push(
    heldIn(run) > 0
      ? `${heldIn(run).toLocaleString('en')} held still: run ${run.id} is ${run.status}.`
      : `Run ${run.id} ${verbs[run.status]}: nothing of it is held any more.`,
  );
  return lines;
}

const verbs: Readonly<Record<Run['status'], string>> = {
  queued: 'is queued',
  listing: 'is under way',
  planned: 'made a plan',
  applying: 'is under way',
  succeeded: 'succeeded',
  held: 'is held',
  failed: 'failed',
  cancelled: 'was cancelled',
};

function scopeText({ counts, trigger }: Run): string {
  const parts = [
    `${plural(counts.listed, 'person', 'people')} ${trigger === 'push' ? 'pushed' : 'in the directory'}`,
    `${counts.inScope.toLocaleString('en')} in scope`,
    `${counts.unchanged.toLocaleString('en')} unchanged`,
  ];
  const rest = counted([
    [counts.outOfScope, 'out of scope'],
    [counts.skipped, 'skipped'],
    [counts.gone, 'gone'],
    [counts.heldEarlier, 'held earlier'],
    [counts.rejectedEarlier, 'rejected earlier'],
  ]);
  return [...parts, ...rest].join(', ');
}

function groupsText(counts: GroupCounts): string {
  const { listed, inScope, unchanged, problem } = counts;
  const done = counted([
    [counts.create, 'new'],
    [counts.update, 'changed'],
    [counts.delete, 'removed'],
    [counts.held, 'held'],
    [counts.heldEarlier, 'held earlier'],
    [counts.failed, 'failed'],
  ]);
  return (
    [
      ...(listed === 0
        ? []
        : [
            `${listed.toLocaleString('en')} in the directory`,
            `${inScope.toLocaleString('en')} in scope`,
            `${unchanged.toLocaleString('en')} unchanged`,
          ]),
      ...done,
      ...(problem > 0 ? [plural(problem, 'problem')] : []),
    ].join(', ') || 'none'
  );
}

/** All of a run, as names and values. */
export function describeRun(run: Run, storeName: string | null, now: Date): readonly string[] {
  const at = (time: Date | null): string | null =>
    time === null ? null : `${exactTime(time)} (${relativeTime(time, now)})`;
  const { certificate } = run;
  return formatPairs([
    ['Run', run.id],
    ['Store', storeName ?? 'none (by hand)'],
    ['Status', run.status],
    ['Result', resultText(run)],
    ['Scope', run.counts.listed > 0 ? scopeText(run) : null],
    ['Groups', run.groups === null ? null : groupsText(run.groups.counts)],
    ['Listing', certificate === null ? null : describeCertificate(certificate)],
    ...run.warnings.map((warning) => ['Warning', warning] as const),
    ['Mode', `${run.mode}, started by ${run.requestedBy}`],
    ['Queued', at(run.createdAt)],
    ['Started', at(run.startedAt)],
    ['Finished', at(run.finishedAt)],
    ['Took', tookText(run)],
    ['Takes back', run.undoOf],
    ['Decided', describeDecision(run, at)],
    ['Resolved', at(run.resolvedAt)],
  ]);
}

function describeCertificate(certificate: NonNullable<Run['certificate']>): string {
  const { complete, distinct, totalAfter, problems, pages, requests, walks } = certificate;
  const parts = [
    `${distinct.toLocaleString('en')} distinct of ${totalAfter.toLocaleString('en')} stated`,
    plural(pages, 'page'),
    plural(requests, 'request'),
  ];
  if (problems > 0) parts.push(plural(problems, 'row without an id', 'rows without an id'));
  if (walks > 1) parts.push(`walked ${walks} times`);
  return `${complete ? 'complete' : 'incomplete'}: ${parts.join(', ')}`;
}

function describeDecision(
  { decision, decided }: Run,
  at: (time: Date | null) => string | null,
): string | null {
  if (decision !== null) return `being decided: ${decision.by} asked to ${decision.verdict}`;
  if (decided === null) return null;
  const verb = decided.verdict === 'approve' ? 'approved' : 'rejected';
  const outcome = decided.error === null ? `${decided.done} done` : decided.error.message;
  return `${verb} by ${decided.by}, ${at(decided.at)}: ${outcome}`;
}

const blank = '(blank)';

const namedInReason: ReadonlySet<string> = new Set([
  'inactiveCause',
  'statusBy',
  'emailKey',
  'createdAt',
]);

export const recordColumns: readonly Column<RecordView>[] = [
  { title: 'SEQ', value: ({ record }) => String(record.seq), leaveOut: 1 },
  { title: 'WHO', value: ({ record }) => whoText(record), cutLast: true },
  { title: 'ACTION', value: ({ record }) => record.action },
  {
    title: 'STATUS',
    value: ({ record }) => record.status,
    style: ({ record }) => recordStyle(record.status),
  },
  {
    title: 'WHY',
    value: ({ record: { reason, error } }) => (error === null ? reason : `${reason}: ${error}`),
  },
  {
    title: 'CHANGES',
    value: ({ record: { action, changes, moves } }) =>
      [
        ...changes
          // The reason contains these in words.
          .filter(({ field }) => !namedInReason.has(field))
          .map(({ field, from, to }) =>
            action === 'create'
              ? `${field}: ${to ?? blank}`
              : `${field}: ${changeText(from, to, blank)}`,
          ),
        ...counted([
          [moves?.added ?? 0, 'join'],
          [moves?.removed ?? 0, 'leave'],
          [moves?.granted ?? 0, 'get the role'],
          [moves?.revoked ?? 0, 'lose the role'],
        ]),
      ].join('; '),
  },
];

function whoText({ kind, email, externalId, name }: SyncRecord): string {
  if (kind === 'group') return `group ${name ?? ''} (group:${externalId ?? ''})`;
  return email ?? externalId ?? '';
}

function recordStyle(status: SyncRecord['status']): Style | undefined {
  if (status === 'failed') return 'red';
  return status === 'held' || status === 'reported' ? 'yellow' : undefined;
}
