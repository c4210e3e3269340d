import type { BenchResult } from '../result.ts';
import { hundredsScale, logScale, type Scale } from './scales.ts';

interface Line {
  readonly name: string;
  readonly style: string;
  readonly figure: (result: BenchResult) => number;
}

interface Panel {
  readonly title: string;
  readonly left: number;
  readonly yScale: typeof logScale;
  readonly lines: readonly Line[];
}

const [top, bottom, width] = [50, 270, 250];
const dashed = ' stroke-dasharray="5 4"';

const panels: readonly Panel[] = [
  {
    title: 'Time, seconds',
    left: 60,
    yScale: logScale,
    lines: [
      { name: 'first import', style: 'stroke="#1f6feb"', figure: (r) => r.firstImport.seconds },
      {
        name: 'first import’s floor',
        style: `stroke="#1f6feb"${dashed}`,
        figure: (r) => r.floors.import.median,
      },
      { name: 'no change', style: 'stroke="#d1680a"', figure: (r) => r.noChange.seconds },
      {
        name: 'fetch, its floor',
        style: `stroke="#d1680a"${dashed}`,
        figure: (r) => r.floors.fetch.median,
      },
    ],
  },
  {
    title: 'Worker’s peak memory, MB',
    left: 500,
    yScale: hundredsScale,
    lines: [{ name: 'worker', style: 'stroke="#2c8a43"', figure: (r) => r.memory.peakMb }],
  },
];

/** Draws time and memory against users, as an SVG document. `results` ascend by users. */
export function plotGrowth(results: readonly BenchResult[]): string {
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 320" font-family="sans-serif" font-size="12">',
    '<title>Time and memory against users</title>',
    '<rect width="860" height="320" fill="#fff"/>',
    ...panels.flatMap((panel) => drawPanel(panel, results)),
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel(
  { title, left, yScale, lines }: Panel,
  results: readonly BenchResult[],
): readonly string[] {
  const x = logScale(
    results.map(({ users }) => users),
    { from: left, to: left + width },
  );
  const values = lines.flatMap(({ figure }) => results.map(figure));
  const y = yScale(values, { from: bottom, to: top });
  return [
    `<text x="${left}" y="25" font-weight="bold">${title}</text>`,
    ...drawGrid({ x, y, left }),
    ...lines.flatMap(({ style, figure }) => {
      const points = results.map((result) => [x.at(result.users), y.at(figure(result))] as const);
      return [
        `<polyline points="${points.join(' ')}" fill="none" stroke-width="2" ${style}/>`,
        ...points.map(
          ([atX, atY]) => `<circle cx="${atX}" cy="${atY}" r="3" fill="#fff" ${style}/>`,
        ),
      ];
    }),
    ...drawNames(lines, { left, heightOf: ({ figure }) => y.at(lastOf(results.map(figure))) }),
  ];
}

/** Beside the ends of the lines, moved up where they would lie on each other. */
function drawNames(
  lines: readonly Line[],
  at: { readonly left: number; readonly heightOf: (line: Line) => number },
): readonly string[] {
  let above = Number.POSITIVE_INFINITY;
  return lines
    .toSorted((a, b) => at.heightOf(b) - at.heightOf(a))
    .map((line) => {
      above = Math.min(at.heightOf(line) + 4, above - 15);
      return `<text x="${at.left + width + 10}" y="${above}">${line.name}</text>`;
    });
}

function lastOf(values: readonly number[]): number {
  return values.at(-1) ?? 0;
}

function drawGrid({
  x,
  y,
  left,
}: {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
}): readonly string[] {
  const rule = (from: string, to: string) => `<path d="M${from} L${to}" stroke="#ddd"/>`;
  return [
    ...y.ticks.flatMap((tick) => [
      rule(`${left} ${y.at(tick)}`, `${left + width} ${y.at(tick)}`),
      `<text x="${left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${label(tick)}</text>`,
    ]),
    ...x.ticks.flatMap((tick) => [
      rule(`${x.at(tick)} ${top}`, `${x.at(tick)} ${bottom}`),
      `<text x="${x.at(tick)}" y="${bottom + 18}" text-anchor="middle">${label(tick)}</text>`,
    ]),
    `<text x="${left + width / 2}" y="${bottom + 38}" text-anchor="middle">users</text>`,
  ];
}

function label(tick: number): string {
  return tick.toLocaleString('en', { maximumFractionDigits: 6 });
}
