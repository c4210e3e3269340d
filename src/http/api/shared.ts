import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { InvalidInput, type Unavailable } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import { namedValues } from '../../core/store-file/limits.ts';
import { actorOfToken } from '../../manage/access/sessions.ts';
import { configChangeSchema, configurationSchema } from '../../presenters/configuration.ts';
import { time } from '../../presenters/times.ts';
import { Unauthenticated } from '../problem.ts';

export const apiPrefix = '/api/v1';

/** A server whose routes are typed, checked and described by zod schemas. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What a change that came too late is told. */
export const currentConfiguration = z
  .object({
    revision: z.int(),
    configuration: configurationSchema,
    by: z.string().nullable().meta({ description: 'Who changed it last; null if unknown.' }),
    at: time.nullable(),
    changes: z.array(configChangeSchema).nullable().meta({
      description: 'What changed since the revision that If-Match names; null if that is not kept.',
    }),
  })
  .meta({ id: 'CurrentConfiguration' });

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    hint: z.string().optional().meta({ description: 'What would be right.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Everything in the request that is wrong.' }),
    current: currentConfiguration.optional().meta({ description: 'With 412: what it is now.' }),
    requestId: z.string().meta({ description: 'The log lines of this request contain it too.' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong, as RFC 9457 has it.' });

const problems = {
  description: 'A problem.',
  content: { 'application/problem+json': { schema: problemSchema } },
} as const;

/** Says of every route added from now on which section of the API it is in, and that it may answer with a problem. */
export function describeSection(app: FastifyInstance, tag: string): void {
  app.addHook('onRoute', (route) => {
    const answers = route.schema?.response as object | undefined;
    route.schema = { ...route.schema, tags: [tag], response: { ...answers, default: problems } };
  });
}

/** An id in a path or a filter; those of members hold a dot. */
export const idText = z.string().min(1).max(200);

/** The largest body, in bytes, that has criteria: 500 groups by their names fit. */
export const mostOfConfiguration = 256 * 1024;

export const storeParams = z.object({ storeId: idText });
export const runParams = z.object({ runId: idText });
export const memberParams = z.object({ memberId: idText });

/** One section of a store file, which `readSections` reads and words what is wrong in. */
export const sectionOf = (name: string) =>
  namedValues(z.unknown()).meta({ description: `As the section ${name} of a store file.` });

/** What every list takes. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(4096).optional().meta({ description: '`next` of the page before.' }),
};

/** One or several of a few words, as `status=a&status=b`. */
export function several<const Words extends readonly [string, ...string[]]>(words: Words) {
  const one = z.enum(words);
  return z
    .union([one, z.array(one).max(words.length)])
    .transform((given) => [given].flat())
    .optional();
}

/** A page of a list: `next` is the cursor of the next one, null on the last. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** A cursor contains where a page ended and of which list it was; it is opaque to clients. */
export function writeCursor(list: string, after: string): string {
  return Buffer.from(JSON.stringify([list, after])).toString('base64url');
}

const cursorContent = z.tuple([z.string().max(4096), z.string().max(4096)]);

/** Where the previous page ended; undefined without a cursor. `InvalidInput` for a cursor of another list. */
export function readCursor(list: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [of, after] = cursorContent.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    );
    if (of === list) return after;
  } catch {
    // Any error means that this is no cursor of ours.
  }
  throw new InvalidInput('cursor: is not the cursor of a page of this list', {
    hint: 'Give `next` of the page before, with the same filters.',
  });
}

/** A page of a list of which one more was read than asked for; `keyOf` says where the next one goes on. */
export function pageOf<T, Item>(
  list: string,
  read: readonly T[],
  {
    limit,
    item,
    keyOf,
  }: {
    readonly limit: number;
    readonly item: (one: T) => Item;
    readonly keyOf: (one: T) => string;
  },
): { items: Item[]; next: string | null } {
  const page = read.slice(0, limit);
  const last = read.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(item),
    next: last === undefined ? null : writeCursor(list, keyOf(last)),
  };
}

/** The actor of a request, as runs and the audit name it. */
export function actorOf({ signedIn, ip }: FastifyRequest): Actor {
  if (signedIn === null) throw new Unauthenticated('The request is not signed in.');
  return actorOfToken(signedIn, ip);
}

/** A change is stored although a service could not be notified of it: the log says so. */
export function logFollowUpError(
  { log }: FastifyRequest,
  late: Unavailable | null,
  what: string,
): void {
  if (late !== null) log.warn({ err: late }, what);
}

export const scheduleNotSet =
  'A store is changed; its schedule follows once a worker reaches Redis.';

const minuteMs = 60_000;

/** How long a new token works, as on the command line. */
export const tokenLife = z
  .int()
  .min(minuteMs)
  .max(366 * 24 * 60 * minuteMs)
  .optional()
  .meta({ description: 'How long the token works; without it, until it is revoked or replaced.' });
