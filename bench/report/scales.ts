/** Where values stand on an axis. */
export interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
}

/** The two ends of an axis, in pixels. */
interface Ends {
  readonly from: number;
  readonly to: number;
}

/** Whole powers of ten around the values. */
export function logScale(values: readonly number[], ends: Ends): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { ticks, at: place(ends, (value) => (Math.log10(value) - low) / (high - low)) };
}

/** From zero to the hundred above the greatest value. */
export function hundredsScale(values: readonly number[], ends: Ends): Scale {
  const high = Math.ceil(Math.max(...values) / 100);
  const ticks = Array.from({ length: high + 1 }, (_, index) => index * 100);
  return { ticks, at: place(ends, (value) => value / (high * 100)) };
}

function place({ from, to }: Ends, part: (value: number) => number): Scale['at'] {
  return (value) => Math.round(from + part(value) * (to - from));
}
