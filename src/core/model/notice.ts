/**
 * Mails to members. `newcomer`: a member became active here for the first time. `address-changed`: a run changed the
 * address of a member; the mail goes to the one before.
 */
export const noticeKinds = ['newcomer', 'address-changed'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What a notice waits for besides its time: that its member, who was created inactive, becomes active. */
type Awaited = 'activation';

/** A notice as it is stored first. It names no address: that is read when it is sent. */
export interface NewNotice {
  /** Derived from member, kind and run, so that storing it twice makes one. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly memberId: string;
  readonly storeId: string;
  /** The record of the run that caused it. */
  readonly recordId: string;
  readonly awaits: Awaited | null;
}

/** A mail to a member in the outbox: to be sent, sent, or given up. */
export interface Notice extends NewNotice {
  readonly createdAt: Date;
  /** How many times sending was tried. */
  readonly attempts: number;
  readonly triedAt: Date | null;
  /** When it is to be sent next; null when it awaits something, was delivered or given up. */
  readonly nextAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  /** Set while it is handed to the mail server: after a crash nobody knows whether it arrived. */
  readonly sendingAt: Date | null;
  /** How many tries ended without an outcome: each of them may have been delivered. */
  readonly unknownOutcomes: number;
  /** Why the last try failed, or why it is not sent. */
  readonly lastError: string | null;
  /** When the database removes it; null while it awaits something. */
  readonly expireAt: Date | null;
}

export const noticeStates = ['awaiting', 'waiting', 'failing', 'given-up', 'delivered'] as const;
export type NoticeState = (typeof noticeStates)[number];

export function noticeId(kind: NoticeKind, memberId: string, generation: string): string {
  return `${kind}_${memberId}_${generation}`;
}

export function stateOf(notice: Notice): NoticeState {
  if (notice.deliveredAt !== null) return 'delivered';
  if (notice.awaits !== null) return 'awaiting';
  if (notice.nextAttemptAt === null) return 'given-up';
  return notice.attempts === 0 ? 'waiting' : 'failing';
}
