/** `lapsed`: it was verified, and three checks in a row did not find its record. */
export const domainStatuses = ['pending', 'verified', 'lapsed'] as const;
type DomainStatus = (typeof domainStatuses)[number];

/** A domain whose addresses may get mail once a TXT record proves that the organization controls it. */
export interface MailDomain {
  /** The domain in small ASCII letters (punycode). It covers no domain below it. */
  readonly id: string;
  /** The random part of the record. It is public as soon as the record is. */
  readonly token: string;
  readonly status: DomainStatus;
  readonly createdAt: Date;
  /** When it became verified, without a break since then; null unless it is. */
  readonly verifiedAt: Date | null;
  /** When a resolver last answered. */
  readonly checkedAt: Date | null;
  /** When a resolver last answered with the record. */
  readonly confirmedAt: Date | null;
  /** Answers without the record since then. */
  readonly failures: number;
  /** Why the last check did not find the record; null when it did, and before the first check. */
  readonly problem: string | null;
  /** Counts the writes; every write is a compare-and-set on it. */
  readonly revision: number;
}
