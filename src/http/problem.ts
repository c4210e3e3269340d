import type {
  FastifyError,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ErrorName } from '../core/error-name.ts';
import {
  Cancelled,
  ConfigError,
  Conflict,
  hintOf,
  InvalidInput,
  messageOf,
  NotFound,
  RunFailure,
  SourceError,
  Unavailable,
} from '../core/errors.ts';

/*
 * The one place that describes HTTP errors: problem details as of RFC 9457.
 */

/** The request has no valid token or session. */
export class Unauthenticated extends Error {}

/** The token's role may not do this. */
export class Forbidden extends Error {}

export class TooManyRequests extends Error {
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The object was changed after the client read it; `current` is what it is now, and who changed it. */
export class PreconditionFailed extends Error {
  readonly current: object;
  constructor(message: string, current: object) {
    super(message);
    this.current = current;
  }
}

/** The change must name the state that it changes. */
export class PreconditionRequired extends Error {}

interface Wording {
  readonly status: number;
  readonly title: string;
  /** Whether the message of the error is for the client, or for the log alone. */
  readonly tellMessage: boolean;
}

type ErrorClass = abstract new (...args: never) => Error;

/** A row for each error class; the compiler misses one that isn't there. */
const wordings: Readonly<Record<ErrorName, readonly [ErrorClass, Wording]>> = {
  ConfigError: [ConfigError, { status: 500, title: 'Misconfigured', tellMessage: false }],
  InvalidInput: [InvalidInput, { status: 400, title: 'Invalid input', tellMessage: true }],
  NotFound: [NotFound, { status: 404, title: 'Not found', tellMessage: true }],
  Conflict: [Conflict, { status: 409, title: 'Conflict', tellMessage: true }],
  Unavailable: [Unavailable, { status: 503, title: 'Unavailable', tellMessage: false }],
  Cancelled: [Cancelled, { status: 503, title: 'Stopped', tellMessage: true }],
  SourceError: [
    SourceError,
    { status: 502, title: 'The directory could not be read', tellMessage: true },
  ],
  RunFailure: [RunFailure, { status: 422, title: 'The run failed', tellMessage: true }],
};

const rows: readonly (readonly [ErrorClass, Wording])[] = [
  [Unauthenticated, { status: 401, title: 'Sign in first', tellMessage: true }],
  [Forbidden, { status: 403, title: 'Not allowed', tellMessage: true }],
  [PreconditionFailed, { status: 412, title: 'Changed meanwhile', tellMessage: true }],
  [PreconditionRequired, { status: 428, title: 'Say what you change', tellMessage: true }],
  [TooManyRequests, { status: 429, title: 'Too many requests', tellMessage: true }],
  ...Object.values(wordings),
];

const unknown: Wording = { status: 500, title: 'Something went wrong', tellMessage: false };

/** Titles for the errors with which Fastify refuses a request before a handler sees it. */
const refusals: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported content type',
};

/** One mistake in a request, and its reason. */
interface InvalidField {
  readonly path: string;
  readonly message: string;
}

/** A problem as it is sent. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What would be right, as one sentence. */
  readonly hint?: string;
  /** All mistakes in the request, by their paths. */
  readonly errors?: readonly InvalidField[];
  /** What was changed meanwhile: its present state, who changed it and when. */
  readonly current?: object;
  /** The log lines of this request contain it too. */
  readonly requestId: string;
}

export function problemOf(error: unknown, requestId: string): Problem {
  const { status, title, tellMessage } = wordingOf(error);
  const hint = tellMessage ? hintOf(error) : undefined;
  const errors = tellMessage ? invalidFieldsOf(error) : [];
  return {
    type: 'about:blank',
    title,
    status,
    detail: tellMessage ? detailOf(error, errors) : `The log says more under request ${requestId}.`,
    ...(hint !== undefined && { hint }),
    ...(errors.length > 0 && { errors }),
    ...(error instanceof PreconditionFailed && { current: error.current }),
    requestId,
  };
}

/** The errors of a route's schema, or the lines of an `InvalidInput` that are led by a path. */
function invalidFieldsOf(error: unknown): readonly InvalidField[] {
  if (hasZodFastifySchemaValidationErrors(error)) return error.validation.flatMap(fieldsOf);
  if (!(error instanceof InvalidInput)) return [];
  return error.message.split('\n').flatMap((line) => {
    const { path, message } = /^(?<path>[\w.[\]-]+): (?<message>.+)$/su.exec(line)?.groups ?? {};
    return path === undefined || message === undefined ? [] : [{ path, message }];
  });
}

function fieldsOf({
  instancePath,
  message = 'is not valid',
  params,
}: FastifySchemaValidationError): readonly InvalidField[] {
  const steps = instancePath.split('/').filter((step) => step !== '');
  const keys = params['keys'];
  if (!Array.isArray(keys)) return [{ path: steps.join('.'), message }];
  return keys.map((key) => ({ path: [...steps, key].join('.'), message: 'no such key' }));
}

const partNames: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

/** The mistake and the part of the request that contains it, in one sentence. */
function detailOf(error: unknown, errors: readonly InvalidField[]): string {
  if (!hasZodFastifySchemaValidationErrors(error)) return messageOf(error);
  const part = error.validationContext ?? 'request';
  const words = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return `In the ${partNames[part] ?? part}: ${words.join('; ')}`;
}

function wordingOf(error: unknown): Wording {
  for (const [type, wording] of rows) if (error instanceof type) return wording;
  const refusal = statusOf(error);
  if (refusal === undefined || refusal >= 500) return unknown;
  return { status: refusal, title: refusals[refusal] ?? 'Refused', tellMessage: true };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
}

/** Answers with the problem. What is our fault is logged whole. */
export async function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const problem = problemOf(error, request.id);
  if (error instanceof TooManyRequests) void reply.header('retry-after', error.retryAfterSeconds);
  if (problem.status >= 500) request.log.error({ err: error }, 'A request failed.');
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
