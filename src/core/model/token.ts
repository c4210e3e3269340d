export const tokenRoles = ['owner', 'admin', 'viewer'] as const;

export type TokenRole = (typeof tokenRoles)[number];

export interface AccessToken {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}
