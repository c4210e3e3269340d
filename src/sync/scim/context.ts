import { etagOf } from '../../core/scim/present.ts';
import { ScimError } from '../../core/scim/scim-error.ts';
import type { ScimStore } from '../../ports/scim.ts';
import type { PushService } from '../push/push-service.ts';

/** What requests of one store work with. */
export interface ScimContext {
  readonly storeId: string;
  readonly scim: ScimStore;
  readonly pusher: Pick<PushService, 'push' | 'pushGroups' | 'standingsOf'>;
  /** Where the store's resources are: without a slash at the end. */
  readonly baseUrl: string;
}

/** How often a change is tried again that another one came before. */
export const mostTries = 20;

export function notFound(type: 'User' | 'Group'): ScimError {
  return new ScimError(404, null, `There is no such ${type}.`);
}

export function nameTaken(what: string): ScimError {
  return new ScimError(409, 'uniqueness', `Another one has this ${what} already.`);
}

export function busy(): ScimError {
  return new ScimError(503, null, 'The resource is being changed all the time. Try again.');
}

/** Refuses a request that was made for another version (`If-Match`). Null: made for any. */
export function checkVersion(ifMatch: string | null, resource: { readonly version: number }): void {
  if (ifMatch === null || matchesEtag(ifMatch, resource)) return;
  throw changedMeanwhile();
}

/** A list of entity tags, or `*`, as of RFC 9110, section 13.1. */
export function matchesEtag(header: string, resource: { readonly version: number }): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '');
  const own = bare(etagOf(resource));
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === own);
}

export function changedMeanwhile(): ScimError {
  return new ScimError(412, null, 'The resource is not of the version in If-Match any more.');
}
