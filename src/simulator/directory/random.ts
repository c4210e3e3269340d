/** A generator of numbers in [0, 1) that always gives the same numbers for the same seed. */
export type Random = () => number;

/** Makes a seeded generator (mulberry32: small, fast, even enough for generated users). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` to `high`, both included. */
export function integerBetween(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** `length` lower-case hex digits. Eight at a time: one by one, each id would take a kilobyte. */
export function hexDigits(random: Random, length: number): string {
  let digits = '';
  while (digits.length < length) {
    digits += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  }
  return digits.slice(0, length);
}

/** A stable number for a text (FNV-1a), by which a shuffled order is sorted. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
