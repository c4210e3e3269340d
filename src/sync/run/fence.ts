import type { HeldLease } from './lease.ts';
import type { SyncPorts } from './run-ports.ts';

/**
 * The ports of one run, of which nothing can be asked once its lease is lost: a worker that was paused anywhere, even
 * between two writes, finds out before it writes again.
 */
export function fenceStores(ports: SyncPorts, lease: Pick<HeldLease, 'checkHeld'>): SyncPorts {
  const { stores, members, records, runs } = ports;
  const check = (): void => lease.checkHeld();
  return {
    ...ports,
    stores: fenced(stores, check),
    members: fenced(members, check),
    records: fenced(records, check),
    runs: fenced(runs, check),
  };
}

/** Wraps every method of a port with a check of the lease, so that no write is left out. */
function fenced<Port extends object>(port: Port, check: () => void): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]): unknown => {
        check();
        return Reflect.apply(method, target, args);
      };
    },
  });
}
