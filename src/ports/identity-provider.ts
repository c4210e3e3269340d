import type { Claims } from '../core/people/role-of.ts';

/** What a sign-in that was begun must know at its end; it stands in the browser's cookie. */
export interface BegunSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** A person, as the provider says it. */
export interface SignedInSubject {
  readonly issuer: string;
  readonly sub: string;
  readonly sid: string | null;
  readonly claims: Claims;
  readonly refreshToken: string | null;
}

/** Whose sessions a provider ends. */
export interface BackChannelLogout {
  readonly issuer: string;
  readonly sub: string | null;
  readonly sid: string | null;
  readonly jti: string;
  readonly expiresAt: Date;
}

/** Why somebody who came back from the provider is not signed in. */
export const signInProblems = ['failed', 'groups-left-out', 'unverified', 'not-allowed'] as const;

/** The provider refuses a person, or what came from it can't be believed. */
export class SignInRefused extends Error {
  readonly problem: (typeof signInProblems)[number];
  constructor(problem: (typeof signInProblems)[number], message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/**
 * Where people sign in as themselves. Its metadata is read when it is first needed. Every function fails with
 * `Unavailable` while the provider is away, and with `SignInRefused` for what is not right.
 */
export interface IdentityProvider {
  /** The name of the provider for people. */
  readonly label: string;
  /** Where to send a browser, and what must be known when it comes back to `redirectUri`. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly begun: BegunSignIn }>;
  /** Redeems the code of the address that the browser came back with. */
  finish(url: URL, begun: BegunSignIn): Promise<SignedInSubject>;
  /** Asks again who a person is. */
  renew(asked: { readonly refreshToken: string; readonly sub: string }): Promise<{
    readonly claims: Claims;
    /** Whether the answer says which groups the person is in. */
    readonly isWhole: boolean;
    /** Null: the one before stays. */
    readonly refreshToken: string | null;
  }>;
  readLogout(token: string): Promise<BackChannelLogout>;
}
