import type { FastifyReply, FastifyRequest } from 'fastify';
import { ScimError } from '../../core/scim/scim-error.ts';
import { accessTable } from '../auth/access.ts';
import { sendScimError } from './scim-problem.ts';

/** The methods and paths of the service. */
const routes = Object.entries(accessTable)
  .filter(([, access]) => access === 'scim')
  .map(([route]) => {
    const [method = '', path = ''] = route.split(' ');
    const pattern = path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+');
    return { method, pattern: new RegExp(`^${pattern}$`) };
  });

/**
 * Answers a request that no route has: which methods the path has (RFC 9110, sections 9.3.7 and 15.5.6), that there are
 * no users behind the tokens (RFC 7644, section 3.11), or that there is nothing.
 */
export async function answerUnknownRoute(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const [path = ''] = request.url.split('?', 1);
  const methods = methodsAt(path);
  if (methods.length > 0) void reply.header('allow', methods.join(', '));
  if (methods.length > 0 && request.method === 'OPTIONS') return reply.code(204).send();
  return sendScimError(errorAt(path, methods), request, reply);
}

function errorAt(path: string, methods: readonly string[]): ScimError {
  if (methods.length > 0) return new ScimError(405, null, 'The path does not have this method.');
  return /^\/scim\/v2\/[^/]+\/Me$/.test(path)
    ? new ScimError(501, null, 'A token stands for a directory, and for no user.')
    : new ScimError(404, null, 'There is nothing here.');
}

function methodsAt(path: string): readonly string[] {
  const found = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (found.length === 0) return [];
  const head = found.includes('GET') ? ['HEAD'] : [];
  return [...new Set([...found, ...head, 'OPTIONS'])].toSorted();
}
