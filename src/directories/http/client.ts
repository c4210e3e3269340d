import { Cancelled, SourceError, type SourceErrorKind } from '../../core/errors.ts';
import { goDirectly, type Way } from '../../outgoing/ways.ts';
import { type Failure, forbiddenHint } from './classify.ts';
import { forwardSignal } from './forward-signal.ts';
import type { JsonRequest } from './json-request.ts';
import { type Outcome, readOutcome } from './read-outcome.ts';
import { requestUrl } from './request-url.ts';
import { decideRetry, outOfTime, type RetryDecision, trackOutage } from './retry.ts';
import { secretsOf } from './secrets-of.ts';
import { type Sent, send } from './send.ts';
import { createTurns } from './turns.ts';

export const userAgent = 'rollcall/0.1.0';

const defaultTimeoutMs = 30_000;
/** With those that are under way by then, fewer than 20 requests are answered 403. */
const mostForbiddenInARow = 9;

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
  /** The time limit of one attempt; 30 s without it. */
  readonly requestTimeoutMs?: number | undefined;
  /** The pace that an earlier run remembered, in requests per second; null or left out when it was never refused. */
  readonly perSecond?: number | null | undefined;
  /** No request is sent this long after the client was made. */
  readonly timeLimitMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  /** Told the time that an answer states. */
  readonly onClock?: ((says: Date) => void) | undefined;
  /** The way to `baseUrl`; straight there without it. */
  readonly way?: Way | undefined;
}

/** Connections are kept for the next request. */
const direct = goDirectly({ keepAlive: true });

export interface HttpClient {
  /** Throws `SourceError` when no attempt gets an answer, and `Cancelled`. */
  get<T>(request: JsonRequest<T>): Promise<T>;
  /** How many requests per second the source allows; null while it has refused none for being too many. */
  perSecond(): number | null;
}

/**
 * Asks one directory for JSON: a few requests at a time, as fast as the source allows, each with a deadline. Repeats failed
 * requests until none has succeeded for the retry budget. A client lives for one run.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { now, signIn } = options;
  const turns = createTurns({ ...options, perSecond: options.perSecond ?? null });
  const outage = trackOutage(now);
  let answered = 0;
  let forbiddenInARow = 0;
  let probing: Promise<unknown> | null = null;
  const { timeLimitMs = Number.POSITIVE_INFINITY } = options;
  const endsMs = now() + timeLimitMs;
  const stopAll = forwardSignal(options.signal);

  async function attempt<T>(request: JsonRequest<T>, signed: Signed): Promise<Outcome<T>> {
    const endTurn = await turns.next(signed.signal);
    const startedMs = now();
    request.onAttempt?.();
    const sent = await sendSigned(options, request, signed);
    if (signed.signal.aborted) endTurn({ answer: 'unknown' });
    signed.stopIfAborted();
    options.onRequest?.({
      directory: options.directory,
      route: request.route,
      status: sent.arrived ? sent.answer.status : 'error',
      durationMs: now() - startedMs,
    });
    const stated = sent.arrived ? Date.parse(sent.headers['date'] ?? '') : Number.NaN;
    if (!Number.isNaN(stated)) options.onClock?.(new Date(stated));
    const outcome = readOutcome({ ...options, way: options.way ?? direct }, request, sent);
    if (outcome.ok) {
      outage.succeeded();
      answered += 1;
      forbiddenInARow = 0;
    } else {
      // A source that refuses the credential is not away, and its refusal is checked again only seconds later.
      if (outcome.kind !== 'refused') outage.failed(startedMs);
      if (outcome.kind === 'forbidden') forbiddenInARow += 1;
    }
    if (!outcome.ok && outcome.kind === 'rate-limited') {
      const mostMs = Math.max(0, options.retryBudgetMs - outage.durationMs());
      endTurn({ answer: 'refused', retryAfterMs: outcome.retryAfterMs, mostMs });
    } else endTurn({ answer: sent.arrived ? 'accepted' : 'unknown' });
    return outcome;
  }

  /** Throws when the source answered 403 many times in a row, and does not answer `elsewhere` either. */
  async function stopIfForbidden<T>({ elsewhere }: JsonRequest<T>, signed: Signed): Promise<void> {
    if (forbiddenInARow < mostForbiddenInARow) return;
    // One question for all requests that wait; it is asked again only after it was answered.
    probing ??= elsewhere === undefined ? Promise.resolve() : attempt(elsewhere, signed);
    await probing;
    if (forbiddenInARow < mostForbiddenInARow) {
      probing = null;
      return;
    }
    throw new SourceError(
      'forbidden',
      'source-failed',
      `${options.source} answered 403 to ${forbiddenInARow} requests in a row`,
      { hint: forbiddenHint },
    );
  }

  async function attemptUntilAnswered<T>(request: JsonRequest<T>, signal: AbortSignal): Promise<T> {
    const answeredBefore = answered;
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
      const signed = { headers, signal, stopIfAborted };
      await stopIfForbidden(request, signed);
      const outcome = await attempt(request, signed);
      if (outcome.ok) return outcome.value;
      if (outcome.status === 401 && mayRenew) {
        mayRenew = false;
        signIn.renew?.(headers);
        continue;
      }
      const mostAttempts = request.maxAttempts ?? Number.POSITIVE_INFINITY;
      const asksElsewhere = request.onlyWhileOthersAnswer === true && outcome.kind === 'retriable';
      const isDue = asksElsewhere && attempts >= mostAttempts && answered === answeredBefore;
      if (isDue && request.elsewhere !== undefined) await attempt(request.elsewhere, signed);
      const mayGiveUpAlone =
        request.onlyWhileOthersAnswer !== true || (asksElsewhere && answered > answeredBefore);
      const decision = decideRetry({
        attempt: attempts,
        kind: outcome.kind,
        retryAfterMs: outcome.retryAfterMs,
        sinceLastSuccessMs: outage.durationMs(),
        budgetMs: options.retryBudgetMs,
        maxAttempts: mayGiveUpAlone ? request.maxAttempts : undefined,
        random: options.random,
      });
      problem = sourceErrorOf(outcome, decision, secretsOf(signIn, headers));
      if (!decision.retry) throw problem;
      if (decision.waitMs > 0) await options.pause(decision.waitMs, signal);
      stopIfAborted();
    }
  }

  return {
    async get(request) {
      const signal =
        request.signal === undefined ? stopAll : AbortSignal.any([stopAll, request.signal]);
      // A request keeps its slot while it waits to be tried again: a source in trouble gets fewer requests.
      const leave = await turns.enter(signal);
      try {
        return await attemptUntilAnswered(request, signal);
      } finally {
        leave();
      }
    },
    perSecond: () => turns.perSecond(),
  };
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
    url: requestUrl(options.baseUrl, request),
    headers: {
      accept: 'application/json',
      'user-agent': userAgent,
      ...request.headers,
      ...headers,
    },
    form: request.form,
    deadlineMs: Math.min(options.requestTimeoutMs ?? defaultTimeoutMs, options.retryBudgetMs),
    signal,
    way: options.way ?? direct,
  });
}

const finalKinds: readonly SourceErrorKind[] = ['refused', 'auth', 'fatal'];

function sourceErrorOf(
  failure: Failure,
  decision: RetryDecision,
  secrets: readonly string[],
): SourceError {
  const { kind, hint } = failure;
  const code = decision.gaveUpAlone ? 'user-failed' : failure.code;
  const gaveUp = !decision.retry && !finalKinds.includes(kind);
  const fullText = gaveUp ? `${failure.message}; gave up: ${decision.reason}` : failure.message;
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), fullText);
  return new SourceError(kind, code, message, { ...(hint !== undefined && { hint }) });
}
