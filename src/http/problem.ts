import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type * as errors from '../core/errors.ts';
import {
  Cancelled,
  ConfigError,
  Conflict,
  InvalidInput,
  messageOf,
  NotFound,
  RunFailure,
  SourceError,
  Unavailable,
} from '../core/errors.ts';

/*
 * The one place that words HTTP errors: problem details as of RFC 9457.
 */

/** Nobody is signed in, or no longer. */
export class Unauthenticated extends Error {}

/** Who is signed in may not do this. */
export class Forbidden extends Error {}

interface Wording {
  readonly status: number;
  readonly title: string;
  /** Whether the message of the error is for whoever asked, or for the log alone. */
  readonly tellMessage: boolean;
}

type ClassName<Module> = {
  [Name in keyof Module]: Module[Name] extends abstract new (
    ...args: never
  ) => Error
    ? Name
    : never;
}[keyof Module];

type ErrorClass = abstract new (...args: never) => Error;

/** A row for each error class; the compiler misses one that isn't there. */
const wordings: Readonly<Record<ClassName<typeof errors>, readonly [ErrorClass, Wording]>> = {
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
  ...Object.values(wordings),
];

const unknown: Wording = { status: 500, title: 'Something went wrong', tellMessage: false };

/** Titles for what Fastify itself refuses before a handler sees it. */
const refusals: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported content type',
};

/** A problem as it is sent. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What would be right, as one sentence. */
  readonly hint?: string;
  /** Stands in the log lines of this request too. */
  readonly requestId: string;
}

/** Words an error for whoever asked. */
export function problemOf(error: unknown, requestId: string): Problem {
  const { status, title, tellMessage } = wordingOf(error);
  const hint = tellMessage ? hintOf(error) : undefined;
  return {
    type: 'about:blank',
    title,
    status,
    detail: tellMessage ? messageOf(error) : `The log says more under request ${requestId}.`,
    ...(hint !== undefined && { hint }),
    requestId,
  };
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

function hintOf(error: unknown): string | undefined {
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string'
    ? error.hint
    : undefined;
}

/** Answers with the problem. What is our fault is logged whole. */
export async function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error }, 'A request failed.');
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
