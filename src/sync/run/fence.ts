import { aroundMethods } from '../../core/around-methods.ts';
import type { HeldLease } from './lease.ts';
import type { SyncPorts } from './run-ports.ts';

/**
 * The ports of one run, of which nothing can be asked once its lease is lost: a worker that was paused anywhere, even
 * between two writes, finds out before it writes again.
 */
export function fenceStores(ports: SyncPorts, lease: Pick<HeldLease, 'checkHeld'>): SyncPorts {
  const fenced = <Port extends object>(port: Port): Port =>
    aroundMethods(port, (call) => {
      lease.checkHeld();
      return call();
    });
  return {
    ...ports,
    stores: fenced(ports.stores),
    members: fenced(ports.members),
    records: fenced(ports.records),
    runs: fenced(ports.runs),
  };
}
