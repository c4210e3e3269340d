import { Cancelled } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LeaseStore } from '../../ports/leases.ts';
import type { RunStore } from '../../ports/runs.ts';

const leaseMs = 30_000;
const renewEveryMs = 10_000;
const lookEveryMs = 1_000;
/** A write may reach the database this much later than it is begun: so long before its end no lease is trusted. */
const writeMarginMs = 10_000;

/** Why a run stopped before its end. */
export type StopCause = 'cancelled' | 'handed-back' | 'lease-lost';

/** Thrown by a run's checkpoints and requests once it must stop. */
export class Stopped extends Cancelled {
  readonly stopCause: StopCause;
  constructor(stopCause: StopCause) {
    super(`the run stopped: ${stopCause}`);
    this.stopCause = stopCause;
  }
}

export function isLeaseLost(error: unknown): boolean {
  return error instanceof Stopped && error.stopCause === 'lease-lost';
}

export interface HeldLease {
  /** Aborts when the run must stop; the reason is a `Stopped`. */
  readonly signal: AbortSignal;
  /** Throws the reason when the run must stop, also when the lease has run out unnoticed. */
  check(): void;
  /** Throws only when the lease is lost: then another worker may be at work, and nothing may be written any more. */
  checkHeld(): void;
  release(): Promise<void>;
}

/**
 * Takes the lease of a store for one run; null when somebody else has it. While it is held it is renewed, and
 * the run is looked up for a request to cancel it. `signal` is the worker's: it aborts on shutdown.
 */
export async function holdLease(
  ports: {
    readonly leases: LeaseStore;
    readonly runs: Pick<RunStore, 'get'>;
    readonly clock: Clock;
  },
  run: { readonly id: string; readonly storeId: string },
  worker: { readonly holder: string; readonly signal: AbortSignal },
): Promise<HeldLease | null> {
  const lease = { storeId: run.storeId, holder: worker.holder, ttlMs: leaseMs };
  let renewedAt = ports.clock.now().getTime();
  if (!(await ports.leases.acquire(lease))) return null;
  const controller = new AbortController();
  const stop = (cause: StopCause) => controller.abort(new Stopped(cause));
  const handBack = () => stop('handed-back');
  let isLost = false;
  const lose = (): void => {
    isLost = true;
    stop('lease-lost');
  };
  const checkHeld = (): void => {
    // A stalled process gets no signal that its lease expired, so compare clocks.
    if (ports.clock.now().getTime() - renewedAt > leaseMs - writeMarginMs) lose();
    if (isLost) throw new Stopped('lease-lost');
  };
  if (worker.signal.aborted) handBack();
  worker.signal.addEventListener('abort', handBack, { once: true });
  const renewals = repeat(renewEveryMs, async () => {
    const askedAt = ports.clock.now().getTime();
    if (await ports.leases.renew(lease)) renewedAt = askedAt;
    else lose();
  });
  const looks = repeat(lookEveryMs, async () => {
    if ((await ports.runs.get(run.id))?.cancelRequested === true) stop('cancelled');
  });
  return {
    signal: controller.signal,
    checkHeld,
    check() {
      checkHeld();
      controller.signal.throwIfAborted();
    },
    async release() {
      worker.signal.removeEventListener('abort', handBack);
      await Promise.all([renewals.end(), looks.end()]);
      await ports.leases.release(lease);
    },
  };
}

/** Does `work` every so often, one at a time. A failure is tried again: the lease itself has an end. */
function repeat(everyMs: number, work: () => Promise<void>): { end(): Promise<void> } {
  let underWay: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    underWay = work()
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  return {
    async end() {
      clearInterval(timer);
      await underWay;
    },
  };
}
