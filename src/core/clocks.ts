/** What one clock said while this machine asked: how far it is ahead of this machine's own. */
export interface ClockReading {
  /** `the database`, `Redis`, `the directory of acme`. */
  readonly of: string;
  readonly aheadMs: number;
}

/**
 * Machines that keep their time differ by less than a second. Leases end by the clock of the process
 * that asks for one, after 30 seconds: two machines must differ by far less.
 */
const toleratedMs = 10_000;

/** Reads a clock. What it says may be as old as the answer, and its fraction of a second may be missing. */
export function readClock(
  of: string,
  says: Date,
  { askedAt, answeredAt }: { readonly askedAt: Date; readonly answeredAt: Date },
): ClockReading {
  const aheadOf = (own: Date): number => says.getTime() - own.getTime();
  const most = aheadOf(askedAt);
  const least = aheadOf(answeredAt);
  if (least <= 0 && most >= 0) return { of, aheadMs: 0 };
  return { of, aheadMs: least > 0 ? least : most };
}

/** The clocks that differ from this machine's by more than is tolerated. */
function clocksOff(readings: readonly ClockReading[]): readonly ClockReading[] {
  return readings.filter(({ aheadMs }) => Math.abs(aheadMs) > toleratedMs);
}

/**
 * Which clock is wrong, in words. Where all the others agree with each other, it is this machine's;
 * null when all agree with it.
 */
export function describeClocks(readings: readonly ClockReading[]): string | null {
  const off = clocksOff(readings);
  const [first] = off;
  if (first === undefined) return null;
  const spread = Math.max(...off.map(({ aheadMs }) => Math.abs(aheadMs - first.aheadMs)));
  if (off.length === readings.length && spread <= toleratedMs) {
    const those = names(off.map(({ of }) => of));
    const side = first.aheadMs > 0 ? 'behind' : 'ahead of';
    return `the clock of this machine is ${span(first.aheadMs)} ${side} that of ${those}`;
  }
  return off
    .map(({ of, aheadMs }) => {
      const side = aheadMs > 0 ? 'ahead of' : 'behind';
      return `the clock of ${of} is ${span(aheadMs)} ${side} that of this machine`;
    })
    .join('\n');
}

function names(all: readonly string[]): string {
  return new Intl.ListFormat('en').format(all);
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;

/** `40 s`, `12 min`, `3 h 5 min`. */
function span(ms: number): string {
  const long = Math.abs(ms);
  if (long < minuteMs) return `${Math.round(long / secondMs)} s`;
  const minutes = Math.round(long / minuteMs);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}
