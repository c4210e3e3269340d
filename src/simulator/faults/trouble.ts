import { type Answer, apiError, html, json } from '../api/answer.ts';

/*
 * The answers of a source in trouble.
 */

/** 429 as the real service gives it: no header says when to retry, unless a fault adds one. */
export function tooManyRequests(headers: Readonly<Record<string, string>> = {}): Answer {
  return json(429, { message: 'Too Many Requests' }, headers);
}

export function serverError(path: string): Answer {
  return apiError(path, 500, 'something went wrong');
}

export function badGateway(): Answer {
  return html(502, '<html><body><h1>502 Bad Gateway</h1></body></html>');
}

export function unavailable(path: string): Answer {
  return apiError(path, 503, 'try again later');
}

/** The answer with a connection that breaks midway. */
export function broken(answer: Answer): Answer {
  return { ...answer, delivery: 'reset' };
}

/** The answer with the second half of its JSON missing. */
export function truncated(answer: Answer): Answer {
  return withText(answer, (text) => text.slice(0, Math.ceil(text.length / 2)));
}

/** The answer with the text of its JSON changed. */
export function withText(answer: Answer, change: (text: string) => string): Answer {
  if (answer.body.kind !== 'json') return answer;
  const text = change(JSON.stringify(answer.body.value));
  return {
    ...answer,
    body: { kind: 'text', contentType: 'application/json; charset=utf-8', text },
  };
}
