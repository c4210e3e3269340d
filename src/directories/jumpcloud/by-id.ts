import { SourceError } from '../../core/errors.ts';
import type { UserAnswer } from '../../ports/directory.ts';
import type { RawAnswer } from '../http/classify.ts';
import { attemptsPerPerson, type JumpCloudApi, organizationsRequest } from './api.ts';
import { listSchema, readUser, readUserId } from './records.ts';

/** `GET /api/systemusers/{id}`. The record of another user is no answer. */
export function getUser(api: JumpCloudApi, externalId: string): Promise<UserAnswer> {
  return api.get<UserAnswer>({
    route: '/api/systemusers/{id}',
    params: { id: externalId },
    maxAttempts: attemptsPerPerson,
    elsewhere: organizationsRequest,
    absent: (answer) => (hasNoUser(answer, externalId) ? { found: false } : undefined),
    read: (body) =>
      readUserId(body) === externalId
        ? { found: true, user: readUser(externalId, body) }
        : undefined,
  });
}

/**
 * Whether an answer by id has no user in it. The API description declares no answer for a user that is gone. Clients
 * have seen 200 with nothing, and 200 with `null` (CognotektGmbH/terraform-provider-jumpcloud, TheJumpCloud/jcapi);
 * the vendor's list of status codes has 404 and 410. A well-formed id that is called bad is not there either.
 */
function hasNoUser({ status, body }: RawAnswer, externalId: string): boolean {
  if (status === 404 || status === 410) return true;
  if (status === 400) return /^[0-9a-f]{24}$/i.test(externalId);
  return status >= 200 && status < 300 && /^(null|\{\s*\})?$/.test(body.trim());
}

/**
 * `GET /api/systemusers` with a filter for one id, or with `filter[or]` for several. The list is whole when its rows
 * make up the total that it states, and each row is one of the users asked for.
 */
export async function listByIds(
  api: JumpCloudApi,
  externalIds: readonly string[],
): Promise<ReadonlySet<string> | null> {
  const [only, ...others] = externalIds.map((id) => `_id:$eq:${id}`);
  const filters =
    others.length === 0
      ? { filter: only ?? '' }
      : Object.fromEntries([only, ...others].map((each, at) => [`filter[or][${at}]`, each ?? '']));
  try {
    const list = await api.get({
      route: '/api/systemusers',
      query: { ...filters, sort: '_id', limit: externalIds.length, skip: 0 },
      maxAttempts: attemptsPerPerson,
      read: (body) => listSchema.safeParse(body).data,
    });
    const ids = list.results.map(readUserId).filter((id) => id !== null);
    const shown = new Set(ids.filter((id) => externalIds.includes(id)));
    const isWhole = shown.size === list.results.length && shown.size === list.totalCount;
    return isWhole ? shown : null;
  } catch (error) {
    // A filter that the source refuses, or fails at, says nothing about the users.
    const isRefused =
      error instanceof SourceError && (error.kind === 'fatal' || error.code === 'user-failed');
    if (isRefused) return null;
    throw error;
  }
}
