import type { RawAnswer } from './classify.ts';
import type { ResponseHeaders } from './send.ts';

/** A request for JSON, and what its answers mean. */
export interface JsonRequest<T> {
  /** `{name}` is replaced by a value of `params`. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly form?: Readonly<Record<string, string>>;
  /** Undefined when the answer has not the shape of this route. */
  readonly read: (body: unknown, headers: ResponseHeaders) => T | undefined;
  /** Returns, or throws, the meaning of a 404 in the source's own words; without it, a 404 is a failure. */
  readonly missing?: () => T;
  /** The meaning of an answer without the object asked for, whatever its status; undefined when it is not such one. */
  readonly absent?: (answer: RawAnswer) => T | undefined;
  /** Whether the body of a failed answer proves that the credential is refused. */
  readonly provesRefusal?: (body: unknown) => boolean;
  /** Gives up on this request alone after this many attempts. */
  readonly maxAttempts?: number;
  /** Gives up on this request alone only when another one, or `elsewhere`, was answered since its first attempt. */
  readonly onlyWhileOthersAnswer?: true;
  /** A request for something else. When it is answered, the source does not fail or forbid everything. */
  readonly elsewhere?: JsonRequest<unknown>;
  /** Stops this request alone. */
  readonly signal?: AbortSignal;
  readonly onAttempt?: () => void;
}
