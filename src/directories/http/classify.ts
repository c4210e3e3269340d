import { adviceOn } from '../../core/connection-advice.ts';
import type { SourceErrorKind } from '../../core/errors.ts';
import { isObject } from '../../core/model/source-user.ts';
import type { Way } from '../../outgoing/ways.ts';
import { hasTooManyValues, mostValues } from './json-size.ts';

/** The request as messages may name it: no ids, no query, no headers. */
export interface Asked {
  /** The directory's name for people, such as `JumpCloud`. */
  readonly source: string;
  readonly host: string;
  readonly method: 'GET' | 'POST';
  /** A template such as `/api/systemusers/{id}`. */
  readonly route: string;
  /** How it was sent; straight to the host when left out. */
  readonly way?: Pick<Way, 'proxy' | 'isRelayed'>;
}

/** An answer with its whole body. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  readonly body: string;
  /** Why the body could not be decoded, and is empty here. */
  readonly undecodable?: string;
}

/** Why no whole answer arrived. */
export interface TransportProblem {
  /** Node's error code, such as `ECONNRESET`; `DEADLINE`, `TOO_LARGE`, `PROXY` and `PROXY_AUTH` are ours. */
  readonly code: string;
  readonly reason: string;
}

/** An attempt without a usable answer, and what the caller must do about it. */
export interface Failure {
  readonly ok: false;
  readonly kind: SourceErrorKind;
  readonly code: 'source-auth' | 'source-failed' | 'source-rejected';
  readonly message: string;
  readonly hint?: string;
  readonly status: number | null;
}

export type AnswerVerdict =
  | { readonly ok: true; readonly found: boolean; readonly body: unknown }
  | Failure;

export const refusedHint =
  'Check that the credential is valid, belongs to this region and has not expired; then reauthorize the store with one that is.';
export const forbiddenHint =
  'Check that this machine’s address is not blocked, and that the credential’s administrator may read users; after three such runs in a row scheduled runs come less often until one succeeds.';
const longestQuote = 200;

/**
 * Classifies an answer. A 2xx counts only with JSON in it. Only a JSON 401 and a redirect to the source's own /login
 * refuse the credential: HTML pages and other redirects come from maintenance, bot checks or a proxy in between, and
 * say nothing of it. A 404 counts as "not there" only as a JSON object, the source's own answer, and only where
 * `missingIsAnswer`; any other 404 comes from a proxy in between.
 */
export function classifyAnswer(
  answer: RawAnswer,
  asked: Asked,
  { missingIsAnswer }: { readonly missingIsAnswer: boolean },
): AnswerVerdict {
  const { status } = answer;
  if (hasTooManyValues(answer.body)) return tooManyValues(status, asked);
  const body = parseJson(answer.body);
  const fail = failureOf(asked, answer, body);
  if (status >= 200 && status < 300) return classifySuccess(answer, body, fail);
  if (status >= 300 && status < 400) {
    const target = answer.location === null ? null : targetOf(answer.location, asked.host);
    const to = target === null ? '' : ` to ${addressOf(target, asked)}`;
    return fail(
      isLogin(target, asked) ? 'refused' : 'retriable',
      `redirecting${to} instead of answering`,
    );
  }
  if (status === 401) {
    return isObject(body)
      ? fail('refused')
      : fail('retriable', 'not in JSON, so not in its own words');
  }
  if (status === 403) return fail('forbidden');
  if (status === 404) {
    if (!isObject(body)) return fail('retriable', 'not in JSON, so not in its own words');
    return missingIsAnswer ? { ok: true, found: false, body } : fail('fatal');
  }
  if (status === 429) return fail('rate-limited');
  if (status === 408 || status === 425 || status >= 500) return fail('retriable');
  return fail(status >= 400 ? 'fatal' : 'retriable');
}

/** An answer in JSON, but not in the shape of this route: malformed, so worth another attempt. */
export function wrongShape(status: number, asked: Asked): Failure {
  return {
    ok: false,
    kind: 'retriable',
    code: 'source-failed',
    message: `${opening(asked)} answered ${status} to ${request(asked)} with JSON of an unknown shape`,
    status,
  };
}

/** An answer that would take far more memory than its text. */
function tooManyValues(status: number, asked: Asked): Failure {
  return {
    ok: false,
    kind: 'fatal',
    code: 'source-failed',
    message: `${opening(asked)} answered ${status} to ${request(asked)} with more than ${mostValues} values`,
    status,
  };
}

const finalCodes: readonly string[] = ['TOO_LARGE', 'PROXY_AUTH'];

/**
 * Classifies the lack of a whole answer: another attempt may succeed, except after an oversized answer, or where a proxy
 * wants a password.
 */
export function classifyTransportProblem(problem: TransportProblem, asked: Asked): Failure {
  const { code, reason } = problem;
  const what = code.startsWith('PROXY')
    ? `${nameOf(asked)} was not reached: ${reason}`
    : `${opening(asked)} ${adviceOn(code) ?? reason}`;
  return {
    ok: false,
    kind: finalCodes.includes(code) ? 'fatal' : 'retriable',
    code: 'source-failed',
    message: `${what} (${request(asked)})`,
    status: null,
  };
}

type Fail = (kind: SourceErrorKind, remark?: string) => Failure;

function failureOf(asked: Asked, answer: RawAnswer, body: unknown): Fail {
  return (kind, remark) => {
    const isOfProxy = asked.way?.isRelayed === true && answer.status >= 300;
    const doubt = isOfProxy ? 'perhaps an answer of the proxy itself' : undefined;
    const words = [doubt, remark, errorText(body)].filter((part) => part !== undefined).join(': ');
    const message = `${opening(asked)} answered ${answer.status} to ${request(asked)}`;
    return {
      ok: false,
      kind,
      code: codeOf[kind],
      message: words === '' ? message : `${message}: ${words}`,
      ...hintOf(kind),
      status: answer.status,
    };
  };
}

function hintOf(kind: SourceErrorKind): { readonly hint?: string } {
  if (kind === 'refused') return { hint: refusedHint };
  return kind === 'forbidden' ? { hint: forbiddenHint } : {};
}

const codeOf = {
  refused: 'source-auth',
  auth: 'source-auth',
  forbidden: 'source-failed',
  fatal: 'source-rejected',
  retriable: 'source-failed',
  'rate-limited': 'source-failed',
} as const satisfies Record<SourceErrorKind, Failure['code']>;

function classifySuccess(answer: RawAnswer, body: unknown, fail: Fail): AnswerVerdict {
  if (body !== undefined) return { ok: true, found: true, body };
  const isPage =
    answer.contentType.includes('text/html') ||
    /^\s*<(!doctype|html|head|body)\b/i.test(answer.body);
  if (isPage)
    return fail('retriable', 'an HTML page instead of data, such as a page of maintenance');
  return fail('retriable', answer.undecodable ?? 'malformed or truncated JSON');
}

/** Undefined when `text` is not JSON (`undefined` itself is none). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The source's error text: `message` is the fullest, some routes send the others. */
function errorText(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  const said = [body['message'], body['error_description'], body['error']].find(
    (word): word is string => typeof word === 'string' && word !== '',
  );
  return said?.replace(/\p{Cc}+/gu, ' ').slice(0, longestQuote);
}

/** Without the query, which may carry tokens; with its host when that is another one. */
function addressOf({ host, pathname }: URL, asked: Asked): string {
  return host === asked.host ? pathname : `${host}${pathname}`;
}

/** Null when it is no address. */
function targetOf(location: string, host: string): URL | null {
  const base = `http://${host}`;
  return URL.canParse(location, base) ? new URL(location, base) : null;
}

/** The sign-in page of the source itself; that of another host is a captive portal's. */
function isLogin(target: URL | null, { host }: Asked): boolean {
  return target !== null && target.host === host && /^\/login\/?$/.test(target.pathname);
}

const nameOf = ({ source, host }: Asked): string => `${source} at ${host}`;
const opening = (asked: Asked): string => {
  const proxy = asked.way?.proxy ?? null;
  return `${nameOf(asked)}${proxy === null ? '' : ` through the proxy ${proxy}`}`;
};
const request = ({ method, route }: Asked): string => `${method} ${route}`;
