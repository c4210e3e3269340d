import { Conflict } from '../errors.ts';
import type { MailDomain } from '../model/mail-domain.ts';

/** A domain that was just added. */
export function newDomain(
  { id, token }: Pick<MailDomain, 'id' | 'token'>,
  createdAt: Date,
): MailDomain {
  return {
    id,
    token,
    status: 'pending',
    createdAt,
    verifiedAt: null,
    checkedAt: null,
    confirmedAt: null,
    failures: 0,
    problem: null,
    revision: 1,
  };
}

export function domainTaken(id: string, cause?: unknown): Conflict {
  return new Conflict(`The domain ${id} is added already.`, {
    cause,
    hint: 'See its record with: rollcall domains list',
  });
}
