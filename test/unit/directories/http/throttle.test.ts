import { Cancelled } from '../../../../src/core/errors.ts';
import {
  afterRateLimit,
  afterSuccess,
  createThrottle,
  startingThrottle,
  type ThrottleState,
} from '../../../../src/directories/http/throttle.ts';

const never = new AbortController().signal;

function successes(count: number, from: ThrottleState): ThrottleState {
  return Array.from({ length: count }).reduce<ThrottleState>(afterSuccess, from);
}

describe('the throttle’s limit', () => {
  it('rises slowly after a 429, to its initial six', () => {
    const halved = afterRateLimit(startingThrottle);
    expect(startingThrottle.limit).toBe(6);
    expect(successes(19, halved).limit).toBe(3);
    expect(successes(20, halved).limit).toBe(4);
    expect(successes(1000, halved).limit).toBe(6);
  });

  it('is halved by every 429, down to one, and starts rising again', () => {
    const once = afterRateLimit(successes(19, startingThrottle));
    expect(once).toEqual({ limit: 3, successes: 0 });
    expect(afterRateLimit(afterRateLimit(once)).limit).toBe(1);
    expect(successes(20, once).limit).toBe(4);
  });
});

const sixTurns = [0, 1, 2, 3, 4, 5];

describe('createThrottle', () => {
  it('lets in as many as the limit allows, in their order', async () => {
    const throttle = createThrottle();
    const entered: number[] = [];
    const turns = [0, 1, 2, 3, 4, 5, 6, 7].map(async (n) => {
      const leave = await throttle.enter(never);
      entered.push(n);
      return leave;
    });
    const leaveFirst = await (turns[0] as Promise<() => void>);
    await turns[5];
    expect(entered).toEqual([0, 1, 2, 3, 4, 5]);
    leaveFirst();
    await turns[6];
    expect(entered).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('lets no request in above a limit that has fallen', async () => {
    const throttle = createThrottle();
    const leaves = await Promise.all(sixTurns.map(() => throttle.enter(never)));
    throttle.adapt(afterRateLimit);
    let isIn = false;
    const next = throttle.enter(never).then(() => {
      isIn = true;
    });
    for (const leave of leaves.slice(0, 3)) leave();
    await Promise.resolve();
    expect(isIn).toBe(false);
    leaves[3]?.();
    await next;
    expect(isIn).toBe(true);
  });

  it('stops waiting requests, and gives their slot to no other', async () => {
    const throttle = createThrottle();
    const leaves = await Promise.all(sixTurns.map(() => throttle.enter(never)));
    const controller = new AbortController();
    const waiting = throttle.enter(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toBeInstanceOf(Cancelled);
    await expect(throttle.enter(controller.signal)).rejects.toBeInstanceOf(Cancelled);
    for (const leave of leaves) leave();
    await expect(Promise.all(sixTurns.map(() => throttle.enter(never)))).resolves.toHaveLength(6);
  });
});
