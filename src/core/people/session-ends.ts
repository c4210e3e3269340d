import type { Session } from '../model/session.ts';

const minuteMs = 60_000;

/** A session without a sign of its user ends after this time. */
const idleMs = 30 * minuteMs;
/** No session lasts longer. */
export const longestMs = 12 * 60 * minuteMs;
/** The provider is asked again who a person is after this time. */
const renewMs = 15 * minuteMs;
/** A session ends when the provider has not said so for this time. */
const unrenewedMs = 60 * minuteMs;

type Times = Pick<Session, 'createdAt' | 'activeAt' | 'renewedAt' | 'isRenewable'>;

const later = (time: Date, ms: number): Date => new Date(time.getTime() + ms);

/** When a session ends unless its user does something. */
export const idleEnd = (session: Times): Date => later(session.activeAt, idleMs);

/** When a session ends whatever its user does; one that can't be renewed ends earlier. */
export function lastEnd({ createdAt, renewedAt, isRenewable }: Times): Date {
  const longest = later(createdAt, longestMs);
  if (renewedAt === null || isRenewable) return longest;
  return new Date(Math.min(later(renewedAt, unrenewedMs).getTime(), longest.getTime()));
}

/** Whether a session is over. */
export function isOver(session: Times, now: Date): boolean {
  const { renewedAt } = session;
  const isUnrenewed = renewedAt !== null && later(renewedAt, unrenewedMs) <= now;
  return isUnrenewed || idleEnd(session) <= now || lastEnd(session) <= now;
}

/** Whether it is time to ask the provider again. */
export function needsRenewal({ renewedAt, isRenewable }: Times, now: Date): boolean {
  return isRenewable && renewedAt !== null && later(renewedAt, renewMs) <= now;
}
