import { aroundMethods } from '../../core/around-methods.ts';
import type { HeldLease } from './lease.ts';
import type { SyncPorts } from './run-ports.ts';

/**
 * Wraps the ports of one run so that every call fails once the lease is lost. A worker that was paused, even between
 * two writes, then fails before it writes again.
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
    groups: fenced(ports.groups),
    records: fenced(ports.records),
    recordPeople: fenced(ports.recordPeople),
    runs: fenced(ports.runs),
    scim: { users: fenced(ports.scim.users) },
  };
}
