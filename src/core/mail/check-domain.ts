import type { MailDomain } from '../model/mail-domain.ts';
import { isToken, recordName, recordOf } from './domain-record.ts';

/** What the resolvers say of the TXT records of a name. */
export type TxtAnswer =
  | { readonly kind: 'records'; readonly values: readonly string[] }
  /** The name does not exist, or has no TXT record. */
  | { readonly kind: 'none' }
  /** No resolver answered, or each of them failed: nothing is known. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** So many answers in a row without the record, and the domain lapses. */
const mostFailures = 3;

/** The domain after a check of its record. An unknown answer changes nothing but the problem. */
export function afterCheck(domain: MailDomain, answer: TxtAnswer, now: Date): MailDomain {
  const problem = problemOf(domain, answer);
  if (answer.kind === 'unknown') return { ...domain, problem };
  if (problem === null) {
    const verifiedAt = domain.status === 'verified' ? domain.verifiedAt : now;
    const found = { status: 'verified', failures: 0, confirmedAt: now } as const;
    return { ...domain, ...found, verifiedAt, checkedAt: now, problem };
  }
  const failures = domain.failures + 1;
  const failed = { ...domain, failures, checkedAt: now, problem };
  const hasLapsed = domain.status === 'verified' && failures >= mostFailures;
  return hasLapsed ? { ...failed, status: 'lapsed', verifiedAt: null } : failed;
}

/** Why an answer does not prove the control of the domain; null when it does. */
function problemOf(domain: MailDomain, answer: TxtAnswer): string | null {
  const name = recordName(domain.id);
  switch (answer.kind) {
    case 'unknown':
      return `The resolvers gave no answer about ${name}: ${answer.reason}.`;
    case 'none':
      return `There is no TXT record at ${name}.`;
    case 'records': {
      const { value } = recordOf(domain);
      if (otherTokens(domain.token, answer).length > 0) return otherTokenAt(domain.id);
      return answer.values.includes(value) ? null : `The TXT record at ${name} has another value.`;
    }
  }
}

/** The values of other installations of Rollcall; a null token has none of its own. */
export function otherTokens(token: string | null, answer: TxtAnswer): readonly string[] {
  if (answer.kind !== 'records') return [];
  const own = token === null ? null : recordOf({ id: '', token }).value;
  return answer.values.filter((value) => isToken(value) && value !== own);
}

export function otherTokenAt(domain: string): string {
  return `A different token of Rollcall stands at ${recordName(domain)}.`;
}

const dayMs = 24 * 60 * 60_000;
const hourMs = 60 * 60_000;

/** Whether a verified domain must be checked again by itself. */
export function needsCheck({ status, checkedAt }: MailDomain, now: Date): boolean {
  return status === 'verified' && now.getTime() - Number(checkedAt) >= dayMs;
}

/**
 * Whether mail may be sent to the domain now. `check`: its record must be looked up first. `wait`: the record was not
 * found within the last hour.
 */
export function mayMail(domain: MailDomain, now: Date): 'yes' | 'check' | 'wait' | 'no' {
  if (domain.status !== 'verified') return 'no';
  const isRecent = (at: Date | null): boolean => now.getTime() - Number(at) < hourMs;
  if (!isRecent(domain.checkedAt)) return 'check';
  return domain.failures === 0 ? 'yes' : 'wait';
}
