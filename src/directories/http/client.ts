import { setMaxListeners } from 'node:events';
import { Cancelled, SourceError } from '../../core/errors.ts';
import {
  type Asked,
  classifyAnswer,
  classifyTransportProblem,
  type Failure,
  type RawAnswer,
  wrongShape,
} from './classify.ts';
import { decideRetry, type RetryDecision, readRetryAfter, trackOutage } from './retry.ts';
import { type ResponseHeaders, type Sent, send } from './send.ts';
import { afterRateLimit, afterSuccess, createThrottle } from './throttle.ts';

export const userAgent = 'rollcall/0.1.0';

const longestDeadlineMs = 30_000;

/** One attempt at the source, for metrics. `route` is a template without ids. */
export interface RequestEvent {
  readonly directory: string;
  readonly route: string;
  readonly status: number | 'error';
  readonly durationMs: number;
}

/** How requests are signed in. The headers are secret and kept out of every message. */
export interface SignIn {
  headers(): Promise<Readonly<Record<string, string>>>;
  readonly secrets: readonly string[];
  /** Called when these headers got a 401, so that the next ones are new; the request is then tried once more. */
  renew?(refused: Readonly<Record<string, string>>): void;
}

export interface HttpClientOptions {
  /** The directory's name for people. */
  readonly source: string;
  /** Its kind, as `RequestEvent.directory`. */
  readonly directory: string;
  /** An origin, or an origin with a path to put before every route. */
  readonly baseUrl: string;
  readonly signIn: SignIn;
  /** Given up when no request of this client has succeeded for this long. */
  readonly retryBudgetMs: number;
  /** No request is sent this long after the client was made. */
  readonly timeLimitMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
}

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
  /** Gives up on this request alone after this many attempts. */
  readonly maxAttempts?: number;
  /** Stops this request alone. */
  readonly signal?: AbortSignal;
  readonly onAttempt?: () => void;
}

export interface HttpClient {
  /** Throws `SourceError` when no attempt gets an answer, and `Cancelled`. */
  get<T>(request: JsonRequest<T>): Promise<T>;
}

type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | (Failure & { readonly retryAfterMs: number | null });

/**
 * Asks one directory for JSON: as many requests at a time as the source allows, each with a deadline. Repeats failed
 * requests until none has succeeded for the retry budget. A client lives for one run.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { now, signIn } = options;
  const throttle = createThrottle();
  const outage = trackOutage(now);
  const { timeLimitMs = Number.POSITIVE_INFINITY } = options;
  const endsMs = now() + timeLimitMs;
  const stopAll = forward(options.signal);

  async function attempt<T>(request: JsonRequest<T>, signed: Signed): Promise<Outcome<T>> {
    const startedMs = now();
    request.onAttempt?.();
    const sent = await sendSigned(options, request, signed);
    signed.stopIfAborted();
    options.onRequest?.({
      directory: options.directory,
      route: request.route,
      status: sent.arrived ? sent.answer.status : 'error',
      durationMs: now() - startedMs,
    });
    const outcome = readOutcome(options, request, sent);
    if (outcome.ok) {
      outage.succeeded();
      throttle.adapt(afterSuccess);
    } else {
      outage.failed(startedMs);
      if (outcome.kind === 'rate-limited') throttle.adapt(afterRateLimit);
    }
    return outcome;
  }

  async function attemptUntilAnswered<T>(request: JsonRequest<T>, signal: AbortSignal): Promise<T> {
    let mayRenew = signIn.renew !== undefined;
    let problem: SourceError | undefined;
    const stopIfAborted = (): void => {
      if (signal.aborted)
        throw new Cancelled('stopped while asking the directory', { cause: problem });
    };
    for (let attempts = 1; ; attempts += 1) {
      const headers = await signIn.headers();
      stopIfAborted();
      if (now() > endsMs) throw outOfTime(options.source, timeLimitMs);
      const outcome = await attempt(request, { headers, signal, stopIfAborted });
      if (outcome.ok) return outcome.value;
      if (outcome.status === 401 && mayRenew) {
        mayRenew = false;
        signIn.renew?.(headers);
        continue;
      }
      const decision = decideRetry({
        attempt: attempts,
        kind: outcome.kind,
        retryAfterMs: outcome.retryAfterMs,
        sinceLastSuccessMs: outage.durationMs(),
        budgetMs: options.retryBudgetMs,
        maxAttempts: request.maxAttempts,
        random: options.random,
      });
      problem = sourceErrorOf(outcome, decision, secretsOf(signIn, headers));
      if (!decision.retry) throw problem;
      await options.pause(decision.waitMs, signal);
      stopIfAborted();
    }
  }

  return {
    async get(request) {
      const signal =
        request.signal === undefined ? stopAll : AbortSignal.any([stopAll, request.signal]);
      // A request keeps its slot while it waits to be tried again: a source in trouble gets fewer requests.
      const leave = await throttle.enter(signal);
      try {
        return await attemptUntilAnswered(request, signal);
      } finally {
        leave();
      }
    },
  };
}

function outOfTime(source: string, timeLimitMs: number): SourceError {
  const message = `${source} has not given all that was asked within the limit of ${timeLimitMs / 60_000} min`;
  return new SourceError('fatal', 'source-failed', message, {
    hint: 'A directory that needs longer needs a larger SOURCE_TIME_LIMIT_MINUTES.',
  });
}

interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly stopIfAborted: () => void;
}

function sendSigned<T>(
  options: HttpClientOptions,
  request: JsonRequest<T>,
  { headers, signal }: Signed,
): Promise<Sent> {
  return send({
    url: urlOf(options.baseUrl, request),
    headers: {
      accept: 'application/json',
      'user-agent': userAgent,
      ...request.headers,
      ...headers,
    },
    form: request.form,
    deadlineMs: Math.min(longestDeadlineMs, options.retryBudgetMs),
    signal,
  });
}

function readOutcome<T>(
  options: HttpClientOptions,
  request: JsonRequest<T>,
  sent: Sent,
): Outcome<T> {
  const asked: Asked = {
    source: options.source,
    host: new URL(options.baseUrl).host,
    method: request.form === undefined ? 'GET' : 'POST',
    route: request.route,
  };
  if (!sent.arrived) {
    return { ...classifyTransportProblem(sent.problem, asked), retryAfterMs: null };
  }
  const absence = request.absent?.(sent.answer);
  if (absence !== undefined) return { ok: true, value: absence };
  const missingIsAnswer = request.missing !== undefined;
  const verdict = classifyAnswer(sent.answer, asked, { missingIsAnswer });
  if (!verdict.ok) {
    const retryAfterMs = readRetryAfter(sent.headers['retry-after'], options.now());
    return { ...verdict, retryAfterMs };
  }
  const value = verdict.found ? request.read(verdict.body, sent.headers) : request.missing?.();
  if (value === undefined) return { ...wrongShape(sent.answer.status, asked), retryAfterMs: null };
  return { ok: true, value };
}

function urlOf<T>(baseUrl: string, request: JsonRequest<T>): string {
  const path = request.route.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(request.params?.[name] ?? ''),
  );
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    url.searchParams.set(name, String(value));
  }
  return url.href;
}

function sourceErrorOf(
  failure: Failure,
  decision: RetryDecision,
  secrets: readonly string[],
): SourceError {
  const { kind, hint } = failure;
  const code = decision.gaveUpAlone ? 'user-failed' : failure.code;
  const gaveUp = !decision.retry && kind !== 'auth' && kind !== 'fatal';
  const fullText = gaveUp ? `${failure.message}; gave up: ${decision.reason}` : failure.message;
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), fullText);
  return new SourceError(kind, code, message, { ...(hint !== undefined && { hint }) });
}

/** A shorter secret could match ordinary words. */
const shortestSecret = 6;

/** All secrets that messages must not repeat, even if the source does: the given ones and those sent in headers. */
function secretsOf(signIn: SignIn, headers: Readonly<Record<string, string>>): readonly string[] {
  const sent = Object.values(headers).map((value) => value.replace(/^(Basic|Bearer) /, ''));
  return [...signIn.secrets, ...sent].filter((secret) => secret.length >= shortestSecret);
}

/** A new signal that follows the caller's, so that any number of requests may listen to it. */
function forward(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  if (signal.aborted) controller.abort();
  else signal.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}
