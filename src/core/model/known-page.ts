/** What an earlier run found of a user. In the same bytes, and by the same rules, they are the same. */
export interface KnownUser {
  readonly externalId: string;
  /** Null for who isn't in scope, or has no member. */
  readonly fingerprint: string | null;
  /** Where they count while there is no member of theirs; null when they have one, or are to be looked at. */
  readonly idleAs: 'outOfScope' | 'skipped' | null;
}

/** A page of a source's listing. */
export interface KnownPage {
  /** At which row it begins. */
  readonly skip: number;
  /** Of its bytes but for the total, and of the rules that its users were read by. */
  readonly hash: string;
  readonly users: readonly KnownUser[];
}

/** A page that was read, so far without what its users were found to be. */
export interface ReadPage extends Pick<KnownPage, 'skip' | 'hash'> {
  readonly ids: readonly string[];
}
