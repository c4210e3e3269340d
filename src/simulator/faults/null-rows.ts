import {
  changeBareLists,
  changePages,
  type Fault,
  type Page,
  windowOf,
  withQuery,
} from './fault.ts';

const rowsPerNull = 9;

/**
 * Makes a fault that puts a null record at every tenth place of every listing, of v1 and v2. It
 * counts in totals and offsets; on the page it is shown as null, or left out.
 */
export function nullRecords({ shown }: { readonly shown: boolean }): Fault['wrap'] {
  return (handle, world) => {
    const change = <Row>(page: Page<Row>, place: Place): Page<Row | null> =>
      shown ? weave(page, place) : leaveOut(page, place);
    return (request) => {
      const { limit, skip } = windowOf(request);
      const [from, to] = [realRowsBefore(skip), realRowsBefore(skip + limit)];
      const place = { skip, limit, real: to - from };
      const users = changePages((page) => change(page, place))(handle, world);
      const all = changeBareLists((page) => change(page, place))(users, world);
      return all(withQuery(request, { skip: from, limit: Math.max(1, to - from) }));
    };
  };
}

interface Place {
  readonly skip: number;
  readonly limit: number;
  /** How many of the places are real rows'. */
  readonly real: number;
}

function leaveOut<Row>({ rows, total }: Page<Row>, { real }: Place): Page<Row> {
  return { rows: rows.slice(0, real), total: withNulls(total) };
}

function weave<Row>({ rows, total }: Page<Row>, { skip, limit, real }: Place): Page<Row | null> {
  const left = rows.slice(0, real);
  const end = Math.min(skip + limit, withNulls(total));
  const woven: (Row | null)[] = [];
  for (let place = skip; place < end; place += 1) {
    if (isNull(place)) woven.push(null);
    else woven.push(...left.splice(0, 1));
  }
  return { rows: woven, total: withNulls(total) };
}

function isNull(place: number): boolean {
  return place % (rowsPerNull + 1) === rowsPerNull;
}

/** How many real rows come before a place. */
function realRowsBefore(place: number): number {
  return place - Math.floor(place / (rowsPerNull + 1));
}

function withNulls(total: number): number {
  return total + Math.floor(total / rowsPerNull);
}
