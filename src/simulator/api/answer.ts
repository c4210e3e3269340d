/** A request as the API sees it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Users that a fault keeps out of listings, by `_id`. */
  readonly withheld?: (id: string) => boolean;
}

type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly contentType: string; readonly text: string };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /**
   * `reset`: the connection breaks midway. `never`: nothing is ever sent. `overMs`: sent in small
   * pieces over this time.
   */
  readonly delivery: 'whole' | 'reset' | 'never' | { readonly overMs: number };
}

export type Handler = (request: ApiRequest) => Answer;

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body: { kind: 'json', value }, delivery: 'whole' };
}

function textAnswer(status: number, contentType: string, text: string): Answer {
  return { status, headers: {}, body: { kind: 'text', contentType, text }, delivery: 'whole' };
}

export function html(status: number, text: string): Answer {
  return textAnswer(status, 'text/html; charset=utf-8', text);
}

/** What a request without credentials gets: measured on the real service, 2026-08. */
export function redirectToLogin(): Answer {
  const answer = textAnswer(302, 'text/plain', 'Found. Redirecting to /login');
  return { ...answer, headers: { location: '/login' } };
}

export function loginPage(): Answer {
  return html(
    200,
    '<!DOCTYPE html>\n<html><head><title>JumpCloud</title></head>' +
      '<body><form action="/login" method="post"><input name="email"></form></body></html>\n',
  );
}

const statusNames: Readonly<Record<number, readonly [v1: string, v2: string]>> = {
  400: ['Bad Request', 'INVALID_ARGUMENT'],
  401: ['Unauthorized', 'UNAUTHENTICATED'],
  403: ['Forbidden', 'PERMISSION_DENIED'],
  404: ['Not Found', 'NOT_FOUND'],
  500: ['Internal Server Error', 'INTERNAL'],
  503: ['Service Unavailable', 'UNAVAILABLE'],
};

/**
 * An error as the API words it: `{error, message}` in v1 (401 as measured in 2026-08), a 400 `{message}`
 * alone (as measured in 2019); `{code, message, status}` in v2, as its API description has it.
 */
export function apiError(path: string, status: number, message: string): Answer {
  const [v1, v2] = statusNames[status] ?? ['Error', 'UNKNOWN'];
  if (path.startsWith('/api/v2/')) return json(status, { code: status, message, status: v2 });
  const worded = `${v1}: ${message}`;
  return json(status, status === 400 ? { message: worded } : { error: v1, message: worded });
}

/** Thrown while a request is being read: the API refuses it. */
export class ApiRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
