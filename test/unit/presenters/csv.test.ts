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
  it('is read back unchanged, except for apostrophes before formulas', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', ',', ';', '\t', '\r', '\n', '=', '＝', '+', 'ü', "'"),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (cells) => {
        const read = readLine(csvLine(cells));
        expect(read).toHaveLength(cells.length);
        for (const [at, cell] of read.entries()) {
          for (const piece of cell.split(/[;\t\r\n]/)) expect(piece).not.toMatch(/^[=+＝]/);
          const without = (given: string) => given.replaceAll("'", '');
          expect(without(cell)).toBe(without(cells[at] ?? ''));
        }
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['＝1+1', "'＝1+1"],
    ['a;=1+1', "a;'=1+1"],
    ['a\t@SUM(A1)', "a\t'@SUM(A1)"],
    ['a\n-1', "a\n'-1"],
    ['R; D', 'R; D'],
    ['a-b=c', 'a-b=c'],
  ])('keeps %j from being run', (cell, written) => {
    expect(readLine(csvLine([cell]))).toEqual([written]);
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
    expect(lines[0]).toMatch(/^\uFEFF/);
    const [head = '', row = ''] = lines.map((line) => line.replace(/^\uFEFF/, ''));
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
