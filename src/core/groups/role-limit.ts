import { limitOf } from '../plan/brakes.ts';

/** More new roles in a run than this share of the active members, and than so many, are held. */
const grantLimit = { percent: 1, floor: 3 };

/** Why all new roles of a run are held for a person; null when the run may grant them. */
export function heldGrants(granted: number, active: number): string | null {
  const limit = limitOf(grantLimit, active);
  if (granted <= limit) return null;
  return `held: ${granted} members would get a role in one run, over the limit of ${Math.floor(limit)}`;
}
