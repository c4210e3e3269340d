import { recordId, type SyncRecord } from '../model/record.ts';

/** A record before it has a place in the run's order. */
export type Draft = Omit<SyncRecord, 'seq'>;

/** A record that changes no member and reports a conflict or a problem of a user. */
export function reportDraft(
  run: { readonly runId: string },
  person: { readonly externalId: string; readonly email: string | null },
  action: 'conflict' | 'problem',
  reason: string,
): Draft {
  return {
    ...blankDraft(run, person.externalId, person.email),
    action,
    status: 'reported',
    reason,
  };
}

/** A problem record: the source's answers do not decide whether the user exists, is active, or is in scope. */
export function undecidedDraft(
  run: { readonly runId: string },
  person: { readonly externalId: string; readonly email: string | null },
  reason: string,
): Draft {
  return { ...reportDraft(run, person, 'problem', reason), undecidedRuns: 1 };
}

/** An empty record of a user in a run. */
export function blankDraft(
  { runId }: { readonly runId: string },
  externalId: string | null,
  email: string | null,
): Draft {
  return {
    id: recordId(runId, externalId ?? ''),
    runId,
    kind: 'user',
    externalId,
    memberId: null,
    email,
    name: null,
    department: null,
    location: null,
    action: 'update',
    status: 'planned',
    reason: '',
    changes: [],
    moves: null,
    cause: null,
    confirmed: false,
    risks: [],
    heldKind: null,
    blocksInStore: null,
    fromRevision: null,
    claim: null,
    fingerprint: null,
    undecidedRuns: null,
    error: null,
    decidedBy: null,
    decidedAt: null,
  };
}
