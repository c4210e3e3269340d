import { queryOptions } from '@tanstack/react-query';
import { api, body, type Token } from '../client.ts';

/** All access tokens, without their secrets; for owners. */
export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => body(api.GET('/api/v1/tokens')),
});

export interface NewToken {
  readonly name: string;
  readonly role: Token['role'];
  /** How long it works; without it, until it is revoked. */
  readonly expiresInMs?: number;
}

/** Makes an access token; the answer has its secret, this once. */
export const makeToken = (asked: NewToken) => body(api.POST('/api/v1/tokens', { body: asked }));

/** Ends an access token, and the sessions that were begun with it. */
export async function revokeToken(tokenId: string): Promise<void> {
  await api.DELETE('/api/v1/tokens/{tokenId}', { params: { path: { tokenId } } });
}

/** Ends all sessions of a person. */
export const endSessions = (personId: string) =>
  body(api.DELETE('/api/v1/people/{personId}/sessions', { params: { path: { personId } } }));
