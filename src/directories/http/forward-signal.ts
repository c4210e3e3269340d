import { setMaxListeners } from 'node:events';

/** A new signal that follows the caller's, so that any number of requests may listen to it. */
export function forwardSignal(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  if (signal.aborted) controller.abort();
  else signal.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}
