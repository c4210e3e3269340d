import type { Paint, Style } from './style.ts';
import { cutToWidth, padToWidth, printable, textWidth } from './text-width.ts';

/** One column of a table of `T`. */
export interface Column<T> {
  readonly title: string;
  readonly value: (item: T) => string;
  readonly style?: (item: T) => Style | undefined;
  /** Never cut: an id that people copy. */
  readonly whole?: boolean;
  /** Cut only when all other columns are as narrow as possible. */
  readonly cutLast?: boolean;
  /** Left out where the terminal is too narrow, before anything is cut: 1 goes first. */
  readonly leaveOut?: number;
}

export interface Table<T> {
  readonly items: Iterable<T> | AsyncIterable<T>;
  readonly columns: readonly Column<T>[];
  /** The text of an empty table. */
  readonly empty: string;
}

const gap = '  ';
const narrowest = 8;
/** Without a terminal nothing is cut, but one long cell must not widen its column for all rows. */
const widestPadding = 52;
/** The rows from which the widths of columns are computed; a longer table isn't held in memory. */
const measuredRows = 500;

/** The lines of a table with its headings. With `maxWidth` (terminal columns), long cells are cut to fit. */
export async function* tableLines<T>({
  items,
  columns,
  empty,
  maxWidth,
  paint,
}: Table<T> & { readonly maxWidth: number | null; readonly paint: Paint }): AsyncGenerator<string> {
  const lineOf = (item: T, shownColumns: readonly ShownColumn<T>[]) =>
    formatCells(cellsOf(item, shownColumns, { cut: maxWidth !== null, paint }));
  let waiting: T[] = [];
  let shown: readonly ShownColumn<T>[] | null = null;
  function* begin(): Generator<string> {
    shown = layOut(waiting, columns, maxWidth);
    const titles = shown.map(({ title, width }) => ({ text: title, painted: title, width }));
    yield paint('dim', formatCells(titles));
    for (const item of waiting) yield lineOf(item, shown);
    waiting = [];
  }
  for await (const item of items) {
    if (shown !== null) {
      yield lineOf(item, shown);
      continue;
    }
    waiting.push(item);
    if (waiting.length === measuredRows) yield* begin();
  }
  if (waiting.length > 0) yield* begin();
  else if (shown === null) yield empty;
}

interface ShownColumn<T> extends Column<T> {
  width: number;
}

/** Which columns are shown, and how wide: the least wanted are left out before any is cut. */
function layOut<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  maxWidth: number | null,
): readonly ShownColumn<T>[] {
  const measured = columns.map((column) => ({ ...column, width: naturalWidth(column, rows) }));
  const padded = ({ width }: ShownColumn<T>): number => Math.min(width, widestPadding);
  if (maxWidth === null) {
    return measured.map((column) => ({ ...column, width: padded(column) }));
  }
  const shown = leaveOutTo(measured, maxWidth, padded);
  for (let excess = lineWidth(shown, ({ width }) => width) - maxWidth; excess > 0; excess -= 1) {
    const widest = widestToCut(shown);
    if (widest === null) break;
    widest.width -= 1;
  }
  return shown;
}

function naturalWidth<T>({ title, value }: Column<T>, rows: readonly T[]): number {
  return rows.reduce(
    (width, row) => Math.max(width, textWidth(printable(value(row)))),
    textWidth(title),
  );
}

function lineWidth<T>(
  columns: readonly ShownColumn<T>[],
  widthOf: (column: ShownColumn<T>) => number,
): number {
  return columns.reduce((sum, column) => sum + widthOf(column) + gap.length, -gap.length);
}

/** One long text is no reason to leave columns out: it is counted as `widthOf` says. */
function leaveOutTo<T>(
  columns: readonly ShownColumn<T>[],
  maxWidth: number,
  widthOf: (column: ShownColumn<T>) => number,
): readonly ShownColumn<T>[] {
  if (lineWidth(columns, widthOf) <= maxWidth) return columns;
  const least = Math.min(...columns.map(({ leaveOut = Number.POSITIVE_INFINITY }) => leaveOut));
  const others = columns.filter(({ leaveOut }) => leaveOut !== least);
  return others.length === columns.length ? columns : leaveOutTo(others, maxWidth, widthOf);
}

function widestToCut<T>(columns: readonly ShownColumn<T>[]): ShownColumn<T> | null {
  const cuttable = columns.filter(({ whole, width }) => whole !== true && width > narrowest);
  const first = cuttable.filter(({ cutLast }) => cutLast !== true);
  return (first.length > 0 ? first : cuttable).reduce<ShownColumn<T> | null>(
    (widest, column) => (widest === null || column.width > widest.width ? column : widest),
    null,
  );
}

interface Cell {
  readonly text: string;
  readonly painted: string;
  readonly width: number;
}

function cellsOf<T>(
  item: T,
  columns: readonly ShownColumn<T>[],
  { cut, paint }: { readonly cut: boolean; readonly paint: Paint },
): readonly Cell[] {
  return columns.map(({ value, style, whole, width }) => {
    const full = printable(value(item));
    const text = cut && whole !== true ? cutToWidth(full, width) : full;
    return { text, painted: paint(style?.(item), text), width };
  });
}

function formatCells(cells: readonly Cell[]): string {
  return cells
    .map(({ text, painted, width }) => painted + ' '.repeat(Math.max(0, width - textWidth(text))))
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
