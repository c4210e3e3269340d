import type { AlertKind, NewAlert } from '../model/alert.ts';
import type { MailDomain } from '../model/mail-domain.ts';
import { newlyNeedsPerson, type Run, type RunError } from '../model/run.ts';
import type { SyncSummary } from '../model/sync-summary.ts';
import type { ExpiringToken } from '../model/token.ts';

/*
 * Ids use `_` as separator: a signature joins id, time and body with full stops, so an id must
 * contain none.
 */

/** The parts of an ended run that decide which alerts it raises. */
interface End {
  readonly status?: Run['status'];
  /** Left out when the run failed before, and only a decision on its held records was carried out. */
  readonly error?: RunError | null;
  readonly counts?: Run['counts'];
  readonly groups?: Run['groups'];
  readonly decided?: Run['decided'];
  readonly undecided?: Run['undecided'];
}

/** With these error codes the store needs a new credential. */
const refusals: readonly string[] = ['source-auth', 'other-organization'];
const isRefusal = (error: RunError | null | undefined): boolean =>
  refusals.includes(error?.code ?? '');

/** Which kinds of alert the end of a run raises. */
export function alertKindsOf(end: End): readonly AlertKind[] {
  const { status, error, decided } = end;
  const held = (end.counts?.held ?? 0) + (end.groups?.counts.held ?? 0);
  const undecided = newlyNeedsPerson(end.undecided) ? (['undecided'] as const) : [];
  if (status !== 'held' && status !== 'failed') return undecided;
  const isRefused = isRefusal(error) || isRefusal(decided?.error);
  const hasFailed = status === 'failed' && error !== undefined && !isRefusal(error);
  return [
    ...undecided,
    ...(isRefused ? (['needs-reauthorization'] as const) : []),
    ...(hasFailed ? (['run-failed'] as const) : []),
    ...(status === 'held' || held > 0 ? (['run-held'] as const) : []),
  ];
}

/** The alert about the end of a run. */
export function alertOfEnd(
  kind: AlertKind,
  { id, storeId }: Pick<Run, 'id' | 'storeId'>,
): NewAlert {
  const about = kind === 'needs-reauthorization' ? `${storeId}_${id}` : id;
  return { id: `${kind}_${about}`, kind, storeId, runId: id };
}

/** The alert about a store without a sync since then: one for each time that begins. */
export function staleAlert({ storeId }: Pick<SyncSummary, 'storeId'>, since: Date): NewAlert {
  return { id: `stale_${storeId}_${since.getTime()}`, kind: 'stale', storeId, runId: null };
}

/** The alert about a token that is about to expire: one a token. */
export function expiryAlert({ id, storeId }: Pick<ExpiringToken, 'id' | 'storeId'>): NewAlert {
  return { id: `token-expires_${id}`, kind: 'token-expires', storeId, runId: null, tokenId: id };
}

/** The alert about a verified domain that lapses: one for each verification. The name of a domain holds full stops. */
export function lapseAlert({
  id: domain,
  token,
  verifiedAt,
}: Pick<MailDomain, 'id' | 'token' | 'verifiedAt'>): NewAlert {
  const id = `domain-lapsed_${token}_${Number(verifiedAt)}`;
  return { id, kind: 'domain-lapsed', storeId: null, runId: null, domain };
}
