import type { Person } from '../core/model/person.ts';
import type { Session, SessionHolder } from '../core/model/session.ts';
import type { Claims, RoleLists } from '../core/people/role-of.ts';

/** People who signed in as themselves. Their names and addresses stand here alone, so that they can be erased. */
export interface PersonStore {
  /** Who has which role; nobody without a provider. */
  readonly roles: RoleLists;
  /** Keeps what the provider says of a person who signs in; a new person for an (issuer, sub) that is not known. */
  signIn(subject: {
    readonly issuer: string;
    readonly sub: string;
    readonly claims: Claims;
  }): Promise<Person>;
  /** Replaces what the provider said earlier. */
  renew(id: string, claims: Claims): Promise<void>;
  get(id: string): Promise<Person | null>;
  bySubject(issuer: string, sub: string): Promise<Person | null>;
  /** By id, ascending. */
  list(page: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly Person[]>;
  /** People with this address, or another spelling of it. */
  withAddress(address: string): Promise<readonly Person[]>;
  remove(id: string): Promise<void>;
}

/** The sessions there are: one that is not here is over. */
export interface SessionStore {
  /** `secret` is for the cookie; only its hash is kept. */
  begin(session: {
    readonly holder: SessionHolder;
    readonly sid?: string | null;
    readonly refreshToken?: string | null;
  }): Promise<{ readonly session: Session; readonly secret: string }>;
  /** Null for one that is over. */
  bySecret(secret: string): Promise<Session | null>;
  /** Null for one that is over. */
  get(id: string): Promise<Session | null>;
  /** Begins the idle time anew; at most once a minute. */
  noteActivity(session: Session): Promise<Session>;
  end(id: string): Promise<void>;
  endAllOf(holder: SessionHolder): Promise<number>;
  /** Ends the sessions that began with this session at the provider. */
  endBySid(sid: string): Promise<number>;
  /** How many sessions people have that are not over, by their ids. */
  countOf(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * The refresh token of a session that is due, for one caller alone: all others get null, and so does this one for a
   * minute.
   */
  claimRenewal(id: string): Promise<string | null>;
  /** Keeps the new refresh token, if there is one, and that the provider said again who the person is, if it did. */
  noteRenewal(
    id: string,
    renewal: { readonly refreshToken: string | null; readonly isConfirmed: boolean },
  ): Promise<void>;
  /** False when the key was used before; it is forgotten after `until`. */
  useOnce(key: string, until: Date): Promise<boolean>;
}
