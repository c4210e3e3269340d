import fc from 'fast-check';
import { csvLine } from '../../../src/presenters/csv.ts';
import { membersCsv } from '../../../src/presenters/members-csv.ts';
import { aMember } from '../../builders/models.ts';

/** Reads a CSV line according to RFC 4180. */
function readLine(line: string): readonly string[] {
  const cells: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let found = cell.exec(line); found !== null; found = cell.exec(line)) {
    const [, text = ''] = found;
    cells.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
  }
  return cells;
}

describe('a CSV line', () => {
  it('is read back unchanged, except for formulas', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '+', 'ü', "'"),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (cells) => {
        const expected = cells.map((cell) => (/^[=+\r]/.test(cell) ? `'${cell}` : cell));
        expect(readLine(csvLine(cells))).toEqual(expected);
      }),
    );
  });

  it.each(['=1+1', '+49 30', '-1', '@SUM(A1)', '\tx', '\rx'])('keeps %j from being run', (cell) => {
    expect(readLine(csvLine([cell]))).toEqual([`'${cell}`]);
  });
});

describe('members as CSV', () => {
  it('have a column for each field, and one for all others', async () => {
    const member = aMember({
      fields: { email: 'ada@acme.test', department: 'R, D' },
      custom: { shirtSize: 'M', other: 'x' },
    });
    async function* views() {
      yield { member, storeName: 'acme', managerEmail: null };
    }
    const lines: string[] = [];
    for await (const line of membersCsv(views(), ['shirtSize'])) lines.push(line);
    const [head = '', row = ''] = lines;
    const cells = Object.fromEntries(
      readLine(head).map((name, at) => [name, readLine(row)[at] ?? '']),
    );
    expect(readLine(row)).toHaveLength(readLine(head).length);
    expect(cells).toMatchObject({
      email: 'ada@acme.test',
      department: 'R, D',
      storeName: 'acme',
      'custom.shirtSize': 'M',
      otherCustom: '{"other":"x"}',
      firstName: '',
    });
  });
});
