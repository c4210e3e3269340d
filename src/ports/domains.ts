import type { TxtAnswer } from '../core/mail/check-domain.ts';
import type { MailDomain } from '../core/model/mail-domain.ts';

/** The domains whose addresses may get mail. */
export interface DomainStore {
  /** `Conflict` when the domain is there already. */
  add(domain: { readonly id: string; readonly token: string }): Promise<MailDomain>;
  get(id: string): Promise<MailDomain | null>;
  /** By name. */
  list(): Promise<readonly MailDomain[]>;
  /** Replaces the domain, unless another write came first, or it was removed and added again meanwhile. */
  save(domain: MailDomain): Promise<boolean>;
  /** False when it was not there. */
  remove(id: string): Promise<boolean>;
}

/** Asks the resolvers for the TXT records of a name. Never throws. */
export type LookUpTxt = (name: string) => Promise<TxtAnswer>;
