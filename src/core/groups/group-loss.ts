import { limitOf } from '../plan/brakes.ts';

/** More than this share of a group's members, and more than so many, are held when they leave. */
const lossLimit = { percent: 20, floor: 5 };

/** What a run finds about one group. */
export interface GroupLoss {
  readonly name: string;
  /** How many members of the store are in the group now. */
  readonly members: number;
  readonly added: number;
  readonly removed: number;
  /** How many of those removed the directory no longer has: they do not count. */
  readonly gone: number;
  /** How many had left within the window before, neither approved by a person nor gone. */
  readonly earlier: number;
  /** A duration such as `24h`. */
  readonly window: string;
}

/** Why the people who leave a group are held for a person; null when the run may take them out. */
export function heldLoss(loss: GroupLoss): string | null {
  const { name, members, added, removed, gone, earlier, window } = loss;
  const counted = removed - gone;
  if (counted === 0) return null;
  const group = `the group ${JSON.stringify(name)}`;
  if (removed === members && added === 0) {
    return `held: all ${members} members of ${group} would leave it`;
  }
  const leave = counted === 1 ? '1 member would leave' : `${counted} members would leave`;
  const inRun = limitOf(lossLimit, members);
  if (counted > inRun) {
    return `held: ${leave} ${group} in one run, over the limit of ${Math.floor(inRun)}`;
  }
  const inWindow = limitOf(lossLimit, members + earlier);
  if (counted + earlier <= inWindow) return null;
  return `held: ${leave} ${group}, and ${earlier} left it within the last ${window}, together over the limit of ${Math.floor(inWindow)}`;
}
