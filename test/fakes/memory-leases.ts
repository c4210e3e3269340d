import type { Clock } from '../../src/ports/clock.ts';
import type { LeaseStore } from '../../src/ports/leases.ts';
import type { WriteLog } from './write-log.ts';

type Lease = Parameters<LeaseStore['acquire']>[0];

/** Leases in memory. One that a test puts into `holders` does not expire. */
export class MemoryLeases implements LeaseStore {
  readonly holders = new Map<string, string>();
  readonly #expiries = new Map<string, number>();
  readonly #log: WriteLog;
  readonly #clock: Clock;
  constructor(log: WriteLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  async acquire(lease: Lease) {
    const holder = this.holders.get(lease.storeId);
    const expiry = this.#expiries.get(lease.storeId) ?? Number.POSITIVE_INFINITY;
    const isFree =
      holder === undefined || holder === lease.holder || expiry <= this.#clock.now().getTime();
    if (!isFree) return false;
    this.#log.leases += 1;
    this.holders.set(lease.storeId, lease.holder);
    this.#extend(lease);
    return true;
  }
  async renew(lease: Lease) {
    if (this.holders.get(lease.storeId) !== lease.holder) return false;
    this.#extend(lease);
    return true;
  }
  async release({ storeId, holder }: Parameters<LeaseStore['release']>[0]) {
    if (this.holders.get(storeId) !== holder) return;
    this.#log.leases += 1;
    this.drop(storeId);
  }

  /** Takes the lease from its holder. */
  drop(storeId: string) {
    this.holders.delete(storeId);
    this.#expiries.delete(storeId);
  }
  #extend({ storeId, ttlMs }: Lease) {
    this.#expiries.set(storeId, this.#clock.now().getTime() + ttlMs);
  }
}
