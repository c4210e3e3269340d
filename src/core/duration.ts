import { InvalidInput } from './errors.ts';

const minuteMs = 60_000;
const unitMs: Readonly<Record<string, number>> = {
  m: minuteMs,
  h: 60 * minuteMs,
  d: 24 * 60 * minuteMs,
};
const longestMs = 366 * 24 * 60 * minuteMs;

/** A duration that may also be zero: `0h`. */
export function parseSpanMs(text: string): number {
  return /^0[mhd]$/.test(text) ? 0 : parseDurationMs(text);
}

/** A duration such as `90m`, `24h` or `7d` in milliseconds; at least a minute, at most 366 days. */
export function parseDurationMs(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const durationMs = Number(amount) * (unitMs[unit] ?? 0);
  if (durationMs > 0 && durationMs <= longestMs) return durationMs;
  throw new InvalidInput(
    `"${text}" is not a duration: write minutes, hours or days as 90m, 24h or 7d, at most 366d`,
  );
}
