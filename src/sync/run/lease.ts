import { Cancelled } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LeaseStore } from '../../ports/leases.ts';
import type { RunStore } from '../../ports/runs.ts';

const leaseMs = 30_000;
const renewEveryMs = 10_000;
const cancelCheckEveryMs = 1_000;
/** A write may arrive this much later than it began, so a lease counts as lost this long before its end. */
const writeMarginMs = 10_000;

/** Why a run stopped before its end. */
export type StopCause = 'cancelled' | 'handed-back' | 'lease-lost';

/** Thrown by a run's loops and requests once it must stop. */
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
  /** Throws only when the lease is lost: another worker may then be at work, and nothing more may be written. */
  checkHeld(): void;
  release(): Promise<void>;
}

/**
 * Takes the lease of a store for one run; null when another holder has it. Renews the lease, and checks whether the
 * run was cancelled, until it is released. `signal` is the worker's: it aborts on shutdown.
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
  const cancelChecks = repeat(cancelCheckEveryMs, async () => {
    if ((await ports.runs.get(run.id))?.cancelRequested === true) stop('cancelled');
  });
  return {
    signal: controller.signal,
    checkHeld,
    async release() {
      worker.signal.removeEventListener('abort', handBack);
      await Promise.all([renewals.end(), cancelChecks.end()]);
      await ports.leases.release(lease);
    },
  };
}

/** Repeats `work`, one call at a time. A failed call is tried again: the lease itself expires. */
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
