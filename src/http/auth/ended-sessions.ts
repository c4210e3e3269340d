import type { Clock } from '../../ports/clock.ts';
import type { EndedSessions } from './session.ts';

/** The commands of Redis that are used here. */
interface RedisValues {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options: { readonly PX: number }): Promise<unknown>;
}

/** Ended sessions in Redis, where every process sees them; each is removed when it would have expired anyway. */
export function createEndedSessions({
  redis,
  prefix,
  clock,
}: {
  readonly redis: () => Promise<RedisValues>;
  /** Begins the name of every key. */
  readonly prefix: string;
  readonly clock: Clock;
}): EndedSessions {
  const keyOf = (id: string): string => `${prefix}:ended-session:${id}`;
  return {
    async add({ id, until }) {
      const leftMs = Math.max(1, until - clock.now().getTime());
      await (await redis()).set(keyOf(id), '1', { PX: leftMs });
    },
    has: async (id) => (await (await redis()).get(keyOf(id))) !== null,
  };
}
