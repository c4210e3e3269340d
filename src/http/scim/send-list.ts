import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { maxPageBytes } from '../../core/scim/limits.ts';
import type { Listed } from '../../sync/scim/search.ts';
import { sendText } from './scim-problem.ts';

/** Parts of an answer are sent once they are this long. */
const charactersAtOnce = 64 * 1024;

/**
 * Answers with a list while it is read. It ends before the resource with which it would be too large: `itemsPerPage`,
 * which comes last, says how many it has. An error before the first part is sent is answered as any other.
 */
export async function sendList(reply: FastifyReply, listed: Listed): Promise<FastifyReply> {
  const parts = partsOf(listed);
  const { value: first = '' } = await parts.next();
  const second = await parts.next();
  if (second.done === true) return sendText(reply, first);
  return sendText(
    reply,
    Readable.from(rejoined([first, second.value], parts), { objectMode: false }),
  );
}

async function* rejoined(
  read: readonly string[],
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  yield* read;
  yield* rest;
}

async function* partsOf({ resources, ...counts }: Listed): AsyncGenerator<string> {
  const head = { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], ...counts };
  let text = `${JSON.stringify(head).slice(0, -1)},"Resources":[`;
  let itemsPerPage = 0;
  let bytes = 0;
  for await (const resource of resources) {
    const next = JSON.stringify(resource);
    bytes += Buffer.byteLength(next) + 1;
    if (bytes > maxPageBytes && itemsPerPage > 0) break;
    text += itemsPerPage === 0 ? next : `,${next}`;
    itemsPerPage += 1;
    if (text.length < charactersAtOnce) continue;
    yield text;
    text = '';
  }
  yield `${text}],"itemsPerPage":${itemsPerPage}}`;
}
