/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions, react/incompatible-library --
   what scrolls must be reachable by keyboard, its rows take keys, and the virtualizer is passed to no other component */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import css from './long-list.module.css';
import { Failure } from './notice.tsx';
import { type PagedSource, usePages } from './use-pages.ts';

/** The heights of a row of two lines and of the headings, as long-list.module.css has them. */
const rowHeight = 52;
const headHeight = 36;
/** Rows beyond the visible ones, on each side: at most 40 rows stand in the document. */
const beyond = 8;

export interface Column<Row> {
  readonly key: string;
  readonly label: ReactNode;
  /** A CSS width; the columns without one share what is left. */
  readonly width?: string;
  readonly cell: (row: Row) => ReactNode;
  /** Whether the column is left out where the window is narrow. */
  readonly wideOnly?: boolean;
}

interface LongListProps<Row> {
  readonly label: string;
  readonly source: PagedSource<Row>;
  /** The first one that is not a checkbox names the row. */
  readonly columns: readonly Column<Row>[];
  /** What would be here, when nothing matches. */
  readonly empty: ReactNode;
  readonly isChosen?: (row: Row) => boolean;
  /** Chooses a row, or not any more: by the key `x`. */
  readonly onChoose?: ((row: Row) => void) | undefined;
  /** Opens a row: by the key Enter. */
  readonly onOpen?: (row: Row) => void;
}

/**
 * A table of any length, of which the visible rows alone are loaded and stand in the document. `j` and `k` go down and
 * up, `x` chooses, Enter opens.
 */
export function LongList<Row>(props: LongListProps<Row>) {
  const { label, source, columns, empty, isChosen, onChoose, onOpen } = props;
  const scroller = useRef<HTMLElement>(null);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const [active, setActive] = useState<number | null>(null);
  const { total, rowAt, error, retry } = usePages(source, range);
  const count = total ?? 0;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: beyond,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
    // The row with the focus stays, so that scrolling does not lose the focus.
    rangeExtractor: (shown) => {
      const near = defaultRangeExtractor(shown);
      if (active === null || active >= count || near.includes(active)) return near;
      return [...near, active].toSorted((one, other) => one - other);
    },
    onChange: ({ range: shown }) => {
      if (shown === null) return;
      const { startIndex: first, endIndex: last } = shown;
      setRange((old) => (old.first === first && old.last === last ? old : { first, last }));
    },
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = active === null ? undefined : rowAt(active);
    const step = { j: 1, k: -1 }[event.key];
    if (step !== undefined) {
      const next = active === null ? 0 : Math.min(count - 1, Math.max(0, active + step));
      setActive(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'x' && row !== undefined) onChoose?.(row);
    else if (event.key === 'Enter' && row !== undefined && isRow(event.target)) onOpen?.(row);
  };
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (total === 0) return <div className="empty">{empty}</div>;
  const placed = withGaps(virtual.getVirtualItems());
  const after = virtual.getTotalSize() - (placed.at(-1)?.end ?? headHeight);
  return (
    <section
      ref={scroller}
      aria-label={label}
      className={css['scroller']}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <table
        className={css['table']}
        aria-rowcount={total === undefined ? -1 : count + 1}
        aria-busy={total === undefined}
      >
        <colgroup>
          {columns.map(({ key, width, wideOnly = false }) => (
            <col key={key} className={wideOnly ? css['wide'] : undefined} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, label: head, wideOnly = false }) => (
              <th key={key} scope="col" className={wideOnly ? css['wide'] : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {placed.map(({ index, gap }) => {
            const row = rowAt(index);
            return (
              <Fragment key={index}>
                <Gap height={gap} />
                <tr
                  aria-rowindex={index + 2}
                  tabIndex={-1}
                  ref={index === active ? focusRow : undefined}
                  data-chosen={(row !== undefined && isChosen?.(row)) || undefined}
                  className={css['row']}
                  onFocus={() => setActive(index)}
                >
                  {columns.map(({ key, cell, wideOnly = false }) => (
                    <td key={key} className={wideOnly ? css['wide'] : undefined}>
                      {row === undefined ? <span className={css['waiting']} /> : cell(row)}
                    </td>
                  ))}
                </tr>
              </Fragment>
            );
          })}
          <Gap height={after} />
        </tbody>
      </table>
    </section>
  );
}

/** The room of the rows that are not in the document. */
function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return <tr aria-hidden style={{ height }} />;
}

/** Each row with the room that is empty before it. */
function withGaps(
  items: readonly { readonly index: number; readonly start: number; readonly end: number }[],
) {
  return items.map(({ index, start, end }, at) => ({
    index,
    end,
    gap: start - (items[at - 1]?.end ?? headHeight),
  }));
}

/** Whether a key was pressed on a row itself, and not on a control in it. */
const isRow = (target: EventTarget): boolean => target instanceof HTMLTableRowElement;

/** Gives the row of `j` and `k` the focus, unless a control in it has it. */
function focusRow(row: HTMLElement | null): void {
  if (row !== null && !row.contains(document.activeElement)) row.focus({ preventScroll: true });
}
