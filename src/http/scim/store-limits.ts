import type { FastifyInstance } from 'fastify';
import { maxInFlight, maxPerSecond } from '../../core/scim/limits.ts';
import { ScimError } from '../../core/scim/scim-error.ts';

/** Admits requests of one store at a time and in a second up to a limit; stores don't count for each other. */
export interface StoreLimits {
  /** Whether a request may begin. */
  begin(storeId: string): boolean;
  /** An admitted request was answered, or its client is gone. */
  end(storeId: string): void;
}

interface Usage {
  inFlight: number;
  /** The requests that may begin now: they come back at a steady pace. */
  tokens: number;
  at: number;
}

/** `now`: milliseconds of a clock that never goes back. */
export function createStoreLimits(now: () => number): StoreLimits {
  const usages = new Map<string, Usage>();
  return {
    begin(storeId) {
      const at = now();
      const usage = usages.get(storeId) ?? { inFlight: 0, tokens: maxPerSecond, at };
      usages.set(storeId, usage);
      const returned = ((at - usage.at) * maxPerSecond) / 1000;
      usage.tokens = Math.min(maxPerSecond, usage.tokens + returned);
      usage.at = at;
      if (usage.inFlight >= maxInFlight || usage.tokens < 1) return false;
      usage.inFlight += 1;
      usage.tokens -= 1;
      return true;
    },
    end(storeId) {
      const usage = usages.get(storeId);
      if (usage !== undefined) usage.inFlight -= 1;
    },
  };
}

/**
 * Refuses requests beyond the limits of their store, before their bodies are read. They are authenticated by then:
 * without its token, no client uses up the limits of a store.
 */
export function limitStores(routes: FastifyInstance): void {
  const limits = createStoreLimits(() => performance.now());
  routes.addHook('onRequest', async (request, reply) => {
    const { storeId } = request.params as { readonly storeId?: string };
    if (storeId === undefined || request.is404) return;
    if (!limits.begin(storeId)) {
      void reply.header('retry-after', 1);
      const most = `${maxInFlight} at a time and ${maxPerSecond} a second`;
      throw new ScimError(429, null, `A store accepts at most ${most}. Try again.`);
    }
    reply.raw.once('close', () => limits.end(storeId));
  });
}
