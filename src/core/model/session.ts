/** Who a session is of. */
export interface SessionHolder {
  readonly kind: 'token' | 'user';
  readonly id: string;
}

/** A browser that is signed in. */
export interface Session {
  /** The hash of what its cookie holds. */
  readonly id: string;
  readonly holder: SessionHolder;
  readonly createdAt: Date;
  /** When its user last did something; polls and streams don't count. */
  readonly activeAt: Date;
  /** When the provider last said who the person is; null for a token. */
  readonly renewedAt: Date | null;
  /** Whether the provider can be asked again. */
  readonly isRenewable: boolean;
  /** The session at the provider, which ends this one by back-channel. */
  readonly sid: string | null;
}
