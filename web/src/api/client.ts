import createClient, { type Middleware } from 'openapi-fetch';
import { takeActivity } from './activity.ts';
import type { components, paths } from './schema.d.ts';

type Schemas = components['schemas'];
export type Store = Schemas['Store'];
export type Run = Schemas['Run'];
export type RunRecord = Schemas['Record'];
export type Member = Schemas['Member'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type Token = Schemas['Token'];
export type Session = Schemas['Session'];
export type Problem = Schemas['Problem'];

/** An answer that says why a request failed (RFC 9457). */
export class ApiProblem extends Error {
  readonly problem: Problem;
  /** Seconds to wait before the request is sent again; null when the answer names none. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The API, or the way to it, gave no answer of its own. */
class ApiAway extends Error {}

const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    const type = response.headers.get('content-type') ?? '';
    if (!type.includes('problem+json')) {
      throw new ApiAway(`Rollcall answered ${response.status}.`);
    }
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const problem = (await response.json()) as Problem;
    throw new ApiProblem(problem, Number.isFinite(seconds) ? seconds : null);
  },
  onError() {
    return new ApiAway('Rollcall can’t be reached.');
  },
};

const tellActivity: Middleware = {
  onRequest({ request }) {
    if (!request.headers.has('rollcall-active')) {
      request.headers.set('rollcall-active', takeActivity());
    }
  },
};

export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
api.use(throwProblems, tellActivity);

/** The body of an answer; failures were thrown before. */
export async function body<T>(asked: Promise<{ data?: T }>): Promise<T> {
  const { data } = await asked;
  if (data === undefined) throw new ApiAway('Rollcall answered nothing.');
  return data;
}
