import type { Member } from '../../core/model/member.ts';

/** `inactive (suspended)`: with what made it so. */
export function describeStatus({ status, statusBy, inactiveCause }: Member): string {
  if (statusBy === 'person') return `${status} (by hand)`;
  return status === 'inactive' && inactiveCause !== null ? `${status} (${inactiveCause})` : status;
}
