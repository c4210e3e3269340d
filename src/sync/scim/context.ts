import type { JsonObject } from '../../core/model/source-user.ts';
import { etagOf, type Projection } from '../../core/scim/present.ts';
import type { ResourceType } from '../../core/scim/schemas.ts';
import { ScimError } from '../../core/scim/scim-error.ts';
import type { ScimStore } from '../../ports/scim.ts';
import type { PushService } from '../push/push-service.ts';
import { inTurn } from './in-turn.ts';

/** What the requests of one store use. */
export interface ScimContext {
  readonly storeId: string;
  readonly scim: ScimStore;
  readonly pusher: Pick<PushService, 'push' | 'pushGroups' | 'readAhead' | 'outcomesOf'>;
  /** Where the store's resources are: without a slash at the end. */
  readonly baseUrl: string;
}

interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** A resource in an answer, with what its headers need. */
export interface Answered<Resource extends Versioned = Versioned> {
  readonly resource: Resource;
  readonly body: JsonObject;
}

export interface ResourceRequest {
  readonly id: string;
  /** The version that the client requires (`ifMatchOf`); null for any. */
  readonly ifMatch: string | null;
  readonly projection: Projection;
}

type Change = ResourceRequest & { readonly body: unknown };

/** What clients can do with the resources of one type. */
export interface Operations {
  create(context: ScimContext, body: unknown, projection: Projection): Promise<Answered>;
  get(context: ScimContext, asked: Pick<ResourceRequest, 'id' | 'projection'>): Promise<Answered>;
  replace(context: ScimContext, asked: Change): Promise<Answered>;
  patch(context: ScimContext, asked: Change): Promise<Answered>;
  remove(context: ScimContext, asked: Pick<ResourceRequest, 'id' | 'ifMatch'>): Promise<void>;
}

/** How often a change is tried again when another process made one first. */
const mostTries = 100;

/**
 * Makes a change of one resource, after all earlier ones of this process. Repeats one that returns null because another
 * process made a change first, until it is made.
 */
export function untilMade<T>(resource: string, change: () => Promise<T | null>): Promise<T> {
  return inTurn(resource, async () => {
    for (let tried = 0; tried < mostTries; tried += 1) {
      const made = await change();
      if (made !== null) return made;
    }
    throw new ScimError(503, null, 'The resource is being changed all the time. Try again.');
  });
}

/** The resource in the required version; `ScimError` 404 or 412 otherwise. */
export async function findResource<Resource extends Versioned>(
  type: ResourceType,
  store: { byIds(storeId: string, ids: readonly string[]): Promise<readonly Resource[]> },
  asked: { readonly storeId: string; readonly id: string; readonly ifMatch?: string | null },
): Promise<Resource> {
  const { storeId, id, ifMatch = null } = asked;
  const [resource] = await store.byIds(storeId, [id]);
  if (resource === undefined) throw new ScimError(404, null, `There is no such ${type}.`);
  if (ifMatch !== null && !matchesEtag(ifMatch, resource)) throw changedMeanwhile();
  return resource;
}

export function nameTaken(what: string): ScimError {
  return new ScimError(409, 'uniqueness', `Another one has this ${what} already.`);
}

/** The versions that `If-Match` requires; null for any version of a resource that is there, as `*` means. */
export function ifMatchOf(header: string | null | undefined): string | null {
  const isAny = header?.split(',').some((tag) => tag.trim() === '*') ?? true;
  return isAny ? null : (header ?? null);
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
