import type { NewNotice, Notice } from '../model/notice.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long to wait after each failed try; after the last one a notice is given up. Three days in all. */
const waitsMs: readonly number[] = [
  minuteMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  6 * hourMs,
  12 * hourMs,
  24 * hourMs,
  24 * hourMs,
];
const jitter = 0.2;

/** How long a notice is kept after it was stored. */
const keptMs = 90 * dayMs;

/** How many tries may end without an outcome: one repeats a mail that may have arrived, a second one would be too much. */
const mostUnknown = 1;

export function newNotice(notice: NewNotice, now: Date): Notice {
  const isDue = notice.awaits === null;
  return {
    ...notice,
    createdAt: now,
    attempts: 0,
    triedAt: null,
    nextAttemptAt: isDue ? now : null,
    deliveredAt: null,
    sendingAt: null,
    unknownOutcomes: 0,
    lastError: null,
    expireAt: isDue ? expiryOf(now) : null,
  };
}

export function expiryOf(now: Date): Date {
  return new Date(now.getTime() + keptMs);
}

/**
 * The notice as it is stored before it is handed to the mail server. A try before that ended without an outcome may
 * have been delivered: that is said, and one repetition is allowed.
 */
export function markSending(notice: Notice, now: Date): Notice {
  const wasCut = notice.sendingAt !== null;
  const unknownOutcomes = notice.unknownOutcomes + (wasCut ? 1 : 0);
  const begun = { ...notice, attempts: notice.attempts + 1, unknownOutcomes, triedAt: now };
  if (unknownOutcomes <= mostUnknown) return { ...begun, sendingAt: now };
  const lastError = 'two tries ended without an outcome: the mail may have arrived twice';
  return giveUp({ ...begun, attempts: notice.attempts }, lastError);
}

/** The notice when handing it over did not begin after all. */
export function markNotBegun(notice: Notice): Notice {
  return { ...notice, attempts: notice.attempts - 1, sendingAt: null };
}

export function markDelivered(notice: Notice, now: Date): Notice {
  return {
    ...notice,
    awaits: null,
    sendingAt: null,
    deliveredAt: now,
    nextAttemptAt: null,
    lastError: null,
  };
}

export function markFailed(
  notice: Notice,
  failure: {
    readonly error: string;
    readonly isFinal: boolean;
    readonly now: Date;
    readonly random: number;
  },
): Notice {
  const { error, isFinal, now, random } = failure;
  const waitMs = isFinal ? undefined : waitsMs[notice.attempts - 1];
  if (waitMs === undefined) return giveUp(notice, error);
  const nextAttemptAt = new Date(now.getTime() + waitMs * (1 + jitter * random));
  return { ...notice, sendingAt: null, lastError: error, nextAttemptAt };
}

export function giveUp(notice: Notice, lastError: string): Notice {
  return { ...notice, sendingAt: null, nextAttemptAt: null, lastError };
}

/** The notice while it must not be sent yet; this counts as no try. */
export function putOff(notice: Notice, until: Date, lastError: string | null): Notice {
  return { ...notice, nextAttemptAt: until, lastError };
}
