import type { Way } from '../../outgoing/ways.ts';
import {
  type Asked,
  classifyAnswer,
  classifyTransportProblem,
  type Failure,
  parseJson,
  refusedHint,
  wrongShape,
} from './classify.ts';
import type { JsonRequest } from './json-request.ts';
import { readRetryAfter } from './retry.ts';
import type { Sent } from './send.ts';

/** The value of one attempt, or why there is none. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | (Failure & { readonly retryAfterMs: number | null });

/** The host that was asked, and the way to it. */
interface Host {
  /** The directory's name for people. */
  readonly source: string;
  readonly baseUrl: string;
  readonly way: Way;
}

/**
 * What an answer means for the request. Where a proxy may have answered itself, a 404 proves nothing, and the absence of
 * an object is told by JSON with a 2xx alone.
 */
export function readOutcome<T>(
  { source, baseUrl, way }: Host,
  request: JsonRequest<T>,
  sent: Sent,
): Outcome<T> {
  const asked: Asked = {
    way,
    source,
    host: new URL(baseUrl).host,
    method: request.form === undefined ? 'GET' : 'POST',
    route: request.route,
  };
  if (!sent.arrived) {
    return { ...classifyTransportProblem(sent.problem, asked), retryAfterMs: null };
  }
  const { status, body } = sent.answer;
  const isOfHost = !way.isRelayed || (status < 300 && parseJson(body) !== undefined);
  const absence = isOfHost ? request.absent?.(sent.answer) : undefined;
  if (absence !== undefined) return { ok: true, value: absence };
  const missingIsAnswer = request.missing !== undefined && !way.isRelayed;
  const verdict = classifyAnswer(sent.answer, asked, { missingIsAnswer });
  if (!verdict.ok) {
    const retryAfterMs = readRetryAfter(sent.headers);
    if (request.provesRefusal?.(parseJson(body)) === true) {
      return { ...verdict, kind: 'auth', code: 'source-auth', hint: refusedHint, retryAfterMs };
    }
    return { ...verdict, retryAfterMs };
  }
  const value = verdict.found ? request.read(verdict.body, sent.headers) : request.missing?.();
  if (value === undefined) return { ...wrongShape(status, asked), retryAfterMs: null };
  return { ok: true, value };
}
