import { parseEmail } from '../email.ts';
import type { MailDomain } from '../model/mail-domain.ts';
import type { Member } from '../model/member.ts';
import type { Notice } from '../model/notice.ts';
import type { SyncRecord } from '../model/record.ts';
import type { DirectoryStore } from '../model/store.ts';
import { mayMail } from './check-domain.ts';
import type { TemplateKind } from './template.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long a notice waits for its domain to be verified. */
const patienceMs = 14 * dayMs;

/** What decides about a notice, read when it is about to be sent. */
export interface NoticeFacts {
  readonly member: Member | null;
  readonly store: DirectoryStore | null;
  /** The record that caused it; null once its run was removed. */
  readonly record: SyncRecord | null;
  /** The domain of the address that it goes to; null for one that was not added. */
  readonly domain: MailDomain | null;
  /** The newest notice about a change of the member's address. */
  readonly lastMove: Notice | null;
}

export type Verdict =
  | { readonly does: 'drop' }
  | { readonly does: 'give-up'; readonly why: string }
  | { readonly does: 'wait'; readonly until: Date; readonly why: string }
  | { readonly does: 'check-domain' }
  | { readonly does: 'send'; readonly address: string; readonly template: TemplateKind };

/** The address that a notice goes to now; null when there is none any more. */
export function addressOf(
  { kind }: Pick<Notice, 'kind'>,
  { member, record }: Pick<NoticeFacts, 'member' | 'record'>,
): string | null {
  const before = record?.changes.find(({ field }) => field === 'email')?.from ?? null;
  const text = kind === 'address-changed' ? before : (member?.fields.email ?? null);
  const address = text === null ? null : parseEmail(text);
  return address?.ok === true ? address.email : null;
}

/** Whether and to which address a notice is sent now. */
export function judgeNotice(notice: Notice, facts: NoticeFacts, now: Date): Verdict {
  const { member, store, domain } = facts;
  const address = addressOf(notice, facts);
  const isGone = member === null || store === null || address === null;
  if (isGone || store.config.settings.notifications.mail !== 'notify') return { does: 'drop' };
  if (notice.kind === 'newcomer' && member.status !== 'active') return { does: 'drop' };
  const template = notice.kind === 'newcomer' ? 'welcome' : 'address-changed';
  const settled = notice.kind === 'newcomer' ? settledAt(facts.lastMove, now) : null;
  if (settled !== null) return { does: 'wait', ...settled };
  return judgeDomain(notice, domain, now) ?? { does: 'send', address, template };
}

function judgeDomain(notice: Notice, domain: MailDomain | null, now: Date): Verdict | null {
  switch (domain === null ? 'no' : mayMail(domain, now)) {
    case 'yes':
      return null;
    case 'check':
      return { does: 'check-domain' };
    case 'wait': {
      const why = domain?.problem ?? 'the record of its domain was not found';
      return { does: 'wait', until: new Date(now.getTime() + 10 * minuteMs), why };
    }
    case 'no': {
      const why = 'the domain of its address is not verified';
      if (now.getTime() - notice.createdAt.getTime() >= patienceMs) return { does: 'give-up', why };
      return { does: 'wait', until: new Date(now.getTime() + hourMs), why };
    }
  }
}

/**
 * Until when an address that a run changed gets no mail; null when it may. Who can change an address in a directory
 * must not get mail there before the old address was told and a day has passed.
 */
export function settledAt(
  move: Notice | null,
  now: Date,
): { readonly until: Date; readonly why: string } | null {
  if (move === null) return null;
  if (move.deliveredAt === null) {
    const why = 'a run changed the address, and the one before was not told yet';
    return { until: new Date(now.getTime() + hourMs), why };
  }
  const until = new Date(move.deliveredAt.getTime() + dayMs);
  const why = 'a run changed the address less than a day ago';
  return until <= now ? null : { until, why };
}
