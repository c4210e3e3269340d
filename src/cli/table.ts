import type { Paint, Style } from './style.ts';
import { cutToWidth, padToWidth, printable, textWidth } from './text-width.ts';

/** One column of a table of `T`. */
export interface Column<T> {
  readonly title: string;
  readonly value: (item: T) => string;
  readonly style?: (item: T) => Style | undefined;
  /** Never cut: an id that people copy. */
  readonly whole?: boolean;
}

export interface Table<T> {
  readonly items: Iterable<T> | AsyncIterable<T>;
  readonly columns: readonly Column<T>[];
  /** What people read when there is nothing. */
  readonly empty: string;
}

const gap = '  ';
const narrowest = 8;
/** Without a terminal nothing is cut, but one long cell must not widen its column for all rows. */
const widestPadding = 52;
/** The rows that the widths of columns are measured on; a longer table isn't held in memory. */
const measuredRows = 500;

/** The lines of a table with its headings. With `maxWidth` (terminal columns), long cells are cut to fit. */
export async function* tableLines<T>({
  items,
  columns,
  empty,
  maxWidth,
  paint,
}: Table<T> & { readonly maxWidth: number | null; readonly paint: Paint }): AsyncGenerator<string> {
  const cut = maxWidth !== null;
  let waiting: T[] = [];
  let widths: readonly number[] | null = null;
  function* begin(): Generator<string> {
    widths = measureColumns({ rows: waiting, columns, maxWidth });
    yield paint(
      'dim',
      formatCells({ cells: columns.map(({ title }) => ({ text: title })), widths }),
    );
    for (const item of waiting) yield formatItem({ item, columns, widths, cut, paint });
    waiting = [];
  }
  for await (const item of items) {
    if (widths !== null) {
      yield formatItem({ item, columns, widths, cut, paint });
      continue;
    }
    waiting.push(item);
    if (waiting.length === measuredRows) yield* begin();
  }
  if (waiting.length > 0) yield* begin();
  else if (widths === null) yield empty;
}

function measureColumns<T>({
  rows,
  columns,
  maxWidth,
}: {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly maxWidth: number | null;
}): readonly number[] {
  const widths = columns.map(({ title, value }) =>
    rows.reduce(
      (width, row) => Math.max(width, textWidth(printable(value(row)))),
      textWidth(title),
    ),
  );
  if (maxWidth === null) return widths.map((width) => Math.min(width, widestPadding));
  let excess = widths.reduce((sum, width) => sum + width + gap.length, -gap.length) - maxWidth;
  while (excess > 0) {
    const widest = widestToCut(widths, columns);
    if (widest === null) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestToCut<T>(widths: readonly number[], columns: readonly Column<T>[]): number | null {
  let widest: number | null = null;
  for (const [index, width] of widths.entries()) {
    if (columns[index]?.whole === true || width <= narrowest) continue;
    if (widest === null || width > (widths[widest] ?? 0)) widest = index;
  }
  return widest;
}

function formatItem<T>({
  item,
  columns,
  widths,
  cut,
  paint,
}: {
  readonly item: T;
  readonly columns: readonly Column<T>[];
  readonly widths: readonly number[];
  readonly cut: boolean;
  readonly paint: Paint;
}): string {
  const cells = columns.map(({ value, style, whole }, index) => {
    const text = printable(value(item));
    const shown = cut && whole !== true ? cutToWidth(text, widths[index] ?? 0) : text;
    return { text: shown, painted: paint(style?.(item), shown) };
  });
  return formatCells({ cells, widths });
}

function formatCells({
  cells,
  widths,
}: {
  readonly cells: readonly { readonly text: string; readonly painted?: string }[];
  readonly widths: readonly number[];
}): string {
  return cells
    .map(({ text, painted = text }, index) => {
      const missing = Math.max(0, (widths[index] ?? 0) - textWidth(text));
      return painted + ' '.repeat(missing);
    })
    .join(gap)
    .trimEnd();
}

/** Names and values below each other, aligned; pairs without a value are left out. */
export function formatPairs(
  pairs: readonly (readonly [string, string | null])[],
): readonly string[] {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null);
  const width = Math.max(0, ...shown.map(([name]) => textWidth(name)));
  return shown.map(([name, value]) => `${padToWidth(name, width)}${gap}${printable(value)}`);
}
