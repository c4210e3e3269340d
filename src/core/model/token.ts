export const tokenRoles = ['owner', 'admin', 'viewer'] as const;

export type TokenRole = (typeof tokenRoles)[number];

export interface AccessToken {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** When it stops working; null: never. */
  readonly expiresAt: Date | null;
}

/** A token with which a directory pushes into its store. */
export interface ScimToken {
  readonly id: string;
  readonly storeId: string;
  readonly createdAt: Date;
  /** When it stops working; null: never. */
  readonly expiresAt: Date | null;
}

/** A token that a person must replace: an access token, or the SCIM token of a store. */
export interface ExpiringToken {
  readonly id: string;
  /** The name of an access token; null for a SCIM token. */
  readonly name: string | null;
  readonly role: TokenRole | null;
  /** The store of a SCIM token; null for an access token. */
  readonly storeId: string | null;
  readonly expiresAt: Date;
}
