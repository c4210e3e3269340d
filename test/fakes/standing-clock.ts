export const startedAt = new Date('2026-01-01T00:00:00.000Z');

/** A clock that stays at its time until it is moved. */
export class StandingClock {
  nowMs: number;
  constructor(start = startedAt) {
    this.nowMs = start.getTime();
  }

  now(): Date {
    return new Date(this.nowMs);
  }
  advance(ms: number): void {
    this.nowMs += ms;
  }
}
