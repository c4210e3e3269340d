/**
 * The errors of Rollcall, grouped by what the caller must do about them, not by where they arose.
 * Messages are for people: what happened, where, what would be right. `src/http/problem.ts` and
 * `src/cli/` each map every kind to their own outcome.
 */

interface ErrorOptions {
  readonly cause?: unknown;
  readonly hint?: string;
}

abstract class RollcallError extends Error {
  /** What would be right, as one sentence; shown beneath the message. */
  readonly hint: string | undefined;
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** A setting is missing or malformed: the process must not start (exit 78). */
export class ConfigError extends RollcallError {}

/** The input is wrong and must be changed (exit 2). Nothing was stored. */
export class InvalidInput extends RollcallError {}

/** What the caller asked for doesn't exist (exit 2). */
export class NotFound extends RollcallError {}

/** The present state doesn't allow it: read it again, then decide (exit 1). */
export class Conflict extends RollcallError {
  /** How many there are now, where a request expected another number. */
  readonly count: number | undefined;
  constructor(message: string, options: ErrorOptions & { readonly count?: number } = {}) {
    super(message, options);
    this.count = options.count;
  }
}

/** The database or Redis can't be reached: make it reachable, then try again (exit 69). */
export class Unavailable extends RollcallError {}

/** The caller or an administrator asked to stop. */
export class Cancelled extends RollcallError {}

/**
 * - `retriable`: the source failed in a way that may pass; retries are used up.
 * - `rate-limited`: the source answered 429 until the retry budget ended.
 * - `refused`: one answer refused the credential. That may pass, so it proves nothing yet.
 * - `auth`: the source refuses the credential for certain; an administrator must reauthorize the store.
 * - `forbidden`: the source answers 403: a missing right, or a block of this address. It must not be asked much more.
 * - `fatal`: the source answers in a way that no retry can correct.
 */
export type SourceErrorKind =
  | 'retriable'
  | 'rate-limited'
  | 'refused'
  | 'auth'
  | 'forbidden'
  | 'fatal';

/**
 * The directory could not be read. `code` is what `Run.error.code` becomes:
 * `source-auth`, `source-failed`, `source-rejected`, `other-organization`, `group-missing`, …
 */
export class SourceError extends RollcallError {
  readonly kind: SourceErrorKind;
  readonly code: string;
  constructor(kind: SourceErrorKind, code: string, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }
}

/** A run ended as `failed` for a reason of its own, such as an empty listing. */
export class RunFailure extends RollcallError {
  readonly code: string;
  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The text of anything thrown, for a log line or a record. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What would be right instead, where the error says so. */
export function hintOf(error: unknown): string | undefined {
  return error instanceof RollcallError ? error.hint : undefined;
}
