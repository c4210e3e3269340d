import fc from 'fast-check';
import { createPaint } from '../../../src/cli/terminal/style.ts';
import { type Column, tableLines } from '../../../src/cli/terminal/table.ts';
import { cutToWidth, padToWidth, textWidth } from '../../../src/cli/terminal/text-width.ts';
import { duration, relativeTime, shortRelativeTime } from '../../../src/cli/views/words.ts';
import { shellWord } from '../../../src/core/shell-word.ts';
import { Sink } from '../../fakes/cli-world.ts';

interface Row {
  readonly name: string;
  readonly id: string;
}
const columns: readonly Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'ID', value: ({ id }) => id, whole: true },
];

async function lines(items: readonly Row[], maxWidth: number | null): Promise<readonly string[]> {
  const found: string[] = [];
  const paint = createPaint(new Sink(), {});
  for await (const line of tableLines({ items, columns, empty: 'none', maxWidth, paint })) {
    found.push(line);
  }
  return found;
}

describe('tables', () => {
  it('align names of all scripts', async () => {
    const shown = await lines(
      [
        { name: '山田太郎', id: '1' },
        { name: 'Zoe\u0308', id: '2' },
        { name: "Conor O'Brien", id: '3' },
      ],
      null,
    );
    expect(shown).toEqual([
      'NAME           ID',
      '山田太郎       1',
      'Zoe\u0308            2',
      "Conor O'Brien  3",
    ]);
  });

  it('cut long cells to the terminal, ids never', async () => {
    const shown = await lines([{ name: 'x'.repeat(50), id: '0123456789' }], 30);
    expect(shown[1]).toBe(`${'x'.repeat(17)}…  0123456789`);
  });

  it('leave the least important columns out before they cut, and cut others before what should be whole', async () => {
    const ranked: readonly Column<Row>[] = [
      { title: 'NAME', value: ({ name }) => name, cutLast: true },
      { title: 'FIRST', value: () => 'first', leaveOut: 1 },
      { title: 'SECOND', value: () => 'second', leaveOut: 2 },
      { title: 'TEXT', value: () => 'y'.repeat(60) },
    ];
    const shown = async (name: string, maxWidth: number): Promise<string | undefined> => {
      const found: string[] = [];
      const items = [{ name, id: '1' }];
      const paint = createPaint(new Sink(), {});
      for await (const line of tableLines({ items, columns: ranked, empty: '', maxWidth, paint })) {
        found.push(line);
      }
      return found[1];
    };
    expect(await shown('abcd', 90)).toBe(`abcd  first  second  ${'y'.repeat(60)}`);
    // One long text alone removes no column.
    expect(await shown('abcd', 75)).toBe(`abcd  first  second  ${'y'.repeat(53)}…`);
    expect(await shown('abcd', 68)).toBe(`abcd  second  ${'y'.repeat(53)}…`);
    expect(await shown('abcd', 40)).toBe(`abcd  ${'y'.repeat(33)}…`);
    expect(await shown('x'.repeat(30), 40)).toBe(`${'x'.repeat(30)}  ${'y'.repeat(7)}…`);
    expect(await shown('x'.repeat(40), 40)).toBe(`${'x'.repeat(29)}…  ${'y'.repeat(7)}…`);
  });

  it('cut nothing without a terminal, not even beyond the measured rows', async () => {
    const many = Array.from({ length: 600 }, (_, id) => ({ name: 'x', id: String(id) }));
    const shown = await lines([...many, { name: 'y'.repeat(300), id: '0' }], null);
    expect(shown.at(-1)).toBe(`${'y'.repeat(300)}  0`);
    expect(shown).toHaveLength(602);
  });

  it('remove terminal control characters', async () => {
    const shown = await lines([{ name: 'a\u001b[31m\nb', id: '1' }], null);
    expect(shown[1]).toBe('a [31m b  1');
  });

  it('say when there is nothing', async () => {
    expect(await lines([], 80)).toEqual(['none']);
  });
});

describe('text width', () => {
  it('is right for anything that is cut or padded', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 20 }),
        (text, width) => {
          expect(textWidth(cutToWidth(text, width))).toBeLessThanOrEqual(width);
          expect(textWidth(padToWidth(cutToWidth(text, width), width))).toBe(width);
        },
      ),
    );
  });
});

describe('colour', () => {
  it.each([
    ['a terminal', new Sink(80), {}, true],
    ['no terminal', new Sink(), {}, false],
    ['NO_COLOR', new Sink(80), { NO_COLOR: '1' }, false],
    ['a dumb terminal', new Sink(80), { TERM: 'dumb' }, false],
  ])('on %s', (_where, stream, env, coloured) => {
    expect(createPaint(stream, env)('red', 'x') !== 'x').toBe(coloured);
  });
});

describe('words', () => {
  it.each([
    [-400, 'just now'],
    [-5_000, '5 seconds ago'],
    [-60_000, '1 minute ago'],
    [7_200_000, 'in 2 hours'],
    [-3 * 86_400_000, '3 days ago'],
    [-100 * 86_400_000, '2025-10-24'],
  ])('%i ms from now is %s', (ms, text) => {
    const now = new Date('2026-02-01T00:00:00Z');
    expect(relativeTime(new Date(now.getTime() + ms), now)).toBe(text);
  });

  it.each([
    [420, '0.4 s'],
    [9_960, '10 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('%i ms are %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('are short in tables', () => {
    const now = new Date('2026-02-01T00:00:00Z');
    const at = (ms: number): string => shortRelativeTime(new Date(now.getTime() + ms), now);
    expect([-48_000, -300_000, 7_200_000, -259_200_000].map(at)).toEqual([
      '48 s ago',
      '5 min ago',
      'in 2 h',
      '3 d ago',
    ]);
  });

  it('quote special characters for a shell', () => {
    expect([shellWord('acme'), shellWord("O'Brien Ltd")]).toEqual(['acme', "'O'\\''Brien Ltd'"]);
  });
});
