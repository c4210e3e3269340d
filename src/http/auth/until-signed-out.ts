import type { FastifyRequest } from 'fastify';

const checkMs = 5_000;

/**
 * A signal that is aborted when the request that opened a stream would be refused now: its session or its token has
 * ended, or its person lost the role. It looks every five seconds until `left` is aborted; an error ends the stream too.
 */
export function untilSignedOut(request: FastifyRequest, left: AbortSignal): AbortSignal {
  const over = new AbortController();
  const timer = setInterval(() => {
    request.isStillAllowed().then(
      (isAllowed) => isAllowed || over.abort(),
      () => over.abort(),
    );
  }, checkMs);
  timer.unref();
  for (const signal of [left, over.signal]) {
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
  return over.signal;
}
