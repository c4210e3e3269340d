import { setImmediate } from 'node:timers/promises';
import {
  cutToWidth,
  padToWidth,
  printable,
  textWidth,
} from '../../../src/cli/terminal/text-width.ts';
import { compileCriteria } from '../../../src/core/criteria/criteria.ts';
import { parsePattern } from '../../../src/core/criteria/pattern.ts';
import { asciiDomain, unicodeDomain } from '../../../src/core/domain-name.ts';
import { parseDurationMs, parseSpanMs } from '../../../src/core/duration.ts';
import {
  emailKeyOf,
  parseAddressToFind,
  parseEmail,
  spellingsOf,
} from '../../../src/core/email.ts';
import { parseAttributePath } from '../../../src/core/mapping/attribute-path.ts';
import { compileMapping } from '../../../src/core/mapping/compile-mapping.ts';
import { checkExpression } from '../../../src/core/mapping/expression.ts';
import { endsSoon, guardRegex } from '../../../src/core/mapping/regex-guard.ts';
import { shapeValue } from '../../../src/core/mapping/shape-value.ts';
import { transforms } from '../../../src/core/mapping/transforms.ts';
import { memberFields } from '../../../src/core/model/fields.ts';
import { timeZoneProblem } from '../../../src/core/schedule/check-time-zone.ts';
import { describeSchedule } from '../../../src/core/schedule/describe-schedule.ts';
import { checkSchedule } from '../../../src/core/schedule/next-run.ts';
import { parseFilter } from '../../../src/core/scim/parse-filter.ts';
import { foldText } from '../../../src/core/scim/search-form.ts';
import { shellWord } from '../../../src/core/shell-word.ts';
import { defaultStoreConfig } from '../../../src/core/store-file/default-config.ts';
import { inlineYaml } from '../../../src/core/store-file/inline-yaml.ts';
import { parseStoreFile } from '../../../src/core/store-file/parse-store-file.ts';
import { didYouMean, suggest } from '../../../src/core/suggest.ts';
import { html, page } from '../../../src/http/ops/page.ts';
import { scrub } from '../../../src/observability/scrub.ts';
import { csvLine } from '../../../src/presenters/csv.ts';

/** A request has no more characters. What is read fast is read up to a megabyte, as a directory may send it. */
const mostOfRequest = 2 ** 16;
const megabyte = 2 ** 20;
const fastMs = 0.1;

/** Texts that make readers go back: long runs, and openings that nothing closes. */
const pieces = [
  'a',
  'é',
  'e\u0301',
  '👩‍🚀',
  '🇩🇪',
  ' ',
  'a ',
  '\n',
  '\t',
  '0',
  '1,',
  '-',
  '.',
  'a.',
  '@',
  'a@',
  'a@b.',
  'xn--',
  '://',
  '://a',
  'a/',
  '"',
  '\\"',
  "'",
  '<',
  '(',
  '1 and (',
  'not ',
  '[',
  '[a',
  'a[b=c ',
  'a[b=c]',
  'a[b eq "',
  '\\',
  '$',
  '${',
  '=',
  ',',
  '*/',
  '{"a":',
  'a: b\n',
];

const begins = ['', 'a', 'a@', 'a@b.c', '"', '[', 'urn:', '/(', 'custom.', '-'];
const ends = ['', '!', '"', '@', ' x'];

const defaults = defaultStoreConfig({});
const readFile = (document: object) => parseStoreFile(document, defaults, {});
const timing = { enabled: true, timezone: 'UTC' } as const;

/** Everything that reads a text of a person, a directory or another service. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  asciiDomain,
  checkExpression,
  compileCriteria: (custom) =>
    compileCriteria({
      users: { conditions: [{ custom, operator: 'equals', value: custom }], pattern: custom },
    }),
  compileMapping: (text) => compileMapping({ [`custom.${text}`]: { attribute: text } }),
  csvLine: (text) => csvLine([text]),
  cutToWidth: (text) => cutToWidth(text, 80),
  'cutToWidth, to all of it': (text) => cutToWidth(text, text.length),
  'describeSchedule of a cron': (cron) => describeSchedule({ ...timing, frequency: 'cron', cron }),
  didYouMean: (text) => didYouMean(text, memberFields),
  'didYouMean from texts as long': (text) => didYouMean(text, [`${text}x`]),
  emailKeyOf,
  endsSoon: (text) => endsSoon(/^a+b*(?:c|d)?$/, text),
  'endsSoon of a regular expression': (text) => endsSoon(new RegExp(text), 'a'),
  foldText,
  'guardRegex of a regular expression': (text) => guardRegex(new RegExp(text)),
  html: (text) => page({ title: text, body: html`<p>${text}</p>` }),
  inlineYaml,
  padToWidth: (text) => padToWidth(text, 80),
  parseAddressToFind,
  parseAttributePath,
  parseDurationMs,
  parseEmail,
  parseFilter,
  parsePattern: (text) => parsePattern(text, 500),
  parseSpanMs,
  'parseStoreFile with a field': (text) => readFile({ mapping: { [text]: { attribute: text } } }),
  'parseStoreFile with a key': (text) => readFile({ [text]: text }),
  'parseStoreFile with a time zone': (timezone) =>
    readFile({ schedule: { frequency: 'daily', time: '02:00', timezone } }),
  'parseStoreFile with a time': (time) =>
    readFile({ schedule: { frequency: 'daily', time, timezone: 'UTC' } }),
  'parseStoreFile with a cron': (cron) =>
    readFile({ schedule: { frequency: 'cron', cron, timezone: 'UTC' } }),
  'parseStoreFile with a window': (window) => readFile({ safeguards: { window } }),
  'parseStoreFile with a choice': (mode) => readFile({ settings: { statusSync: { mode } } }),
  'parseStoreFile with an expression': (expression) =>
    readFile({ mapping: { displayName: { expression } } }),
  printable,
  'checkSchedule of a cron': (cron) => checkSchedule({ ...timing, frequency: 'cron', cron }),
  scrub,
  shapeValue: (raw) => shapeValue({ raw, steps: [...transforms.values()], fallback: null }),
  shellWord,
  spellingsOf,
  suggest: (text) => suggest(text, Intl.supportedValuesOf('timeZone')),
  textWidth,
  timeZoneProblem,
  unicodeDomain,
  ...Object.fromEntries([...transforms].map(([name, read]) => [`the transform ${name}`, read])),
};

/** Lists and objects with many entries, as a store file of about this many bytes has them. */
const documents: Readonly<Record<string, (bytes: number) => object>> = {
  'keys that there are none of': (bytes) => keysOf(bytes, (n) => [`k${n}`, 1]),
  'fields that there are none of': (bytes) => ({
    mapping: keysOf(bytes, (n) => [`firstNam${n}`, { attribute: 'a' }]),
  }),
  'fields of its own': (bytes) => ({
    mapping: keysOf(bytes, (n) => [`custom.f${n}`, { attribute: 'a' }]),
  }),
  'keys in a rule': (bytes) => ({
    mapping: { [`custom.${'x'.repeat(bytes / 2)}`]: keysOf(bytes / 2, (n) => [`k${n}`, 1]) },
  }),
  'transforms in a rule': (bytes) => ({
    mapping: { displayName: { attribute: 'a', transform: listOf(bytes, (n) => `trimm${n}`) } },
  }),
  'values of a condition': (bytes) => ({
    criteria: {
      users: { conditions: [{ custom: 'a', operator: 'in', value: listOf(bytes, (n) => n) }] },
    },
  }),
  conditions: (bytes) => ({
    criteria: { users: { conditions: listOf(bytes, (n) => ({ memberOf: `g${n}` })) } },
  }),
  'conditions that are none': (bytes) => ({
    criteria: { users: { conditions: listOf(bytes, (n) => ({ membreOf: n })) } },
  }),
  'a pattern that names few of the conditions': (bytes) => ({
    criteria: { users: { pattern: '1', conditions: listOf(bytes, () => ({ memberOf: 'g' })) } },
  }),
  weekdays: (bytes) => ({
    schedule: { frequency: 'weekly', time: '02:00', days: listOf(bytes, () => 'mon') },
  }),
  dates: (bytes) => ({
    schedule: { frequency: 'monthly', time: '02:00', dates: listOf(bytes, (n) => (n % 31) + 1) },
  }),
};

function listOf<T>(bytes: number, entry: (n: number) => T): readonly T[] {
  return Array.from({ length: bytes / 8 }, (_, n) => entry(n));
}

function keysOf(bytes: number, entry: (n: number) => [string, unknown]): object {
  return Object.fromEntries(listOf(bytes, entry));
}

function timeOf(read: () => unknown): number {
  const before = performance.now();
  try {
    read();
  } catch {
    // Refusing the text is an answer too.
  }
  return performance.now() - before;
}

/** Shorter times say more about the machine than about the text. */
const shortestMs = 150;
/** Eight times the text may take three times eight as long; quadratic is 64 times as long. */
const mostGrowth = 24;

/**
 * Why reading these texts takes more than linear time; null when it doesn't. Each size is read once, and several times
 * when it seems to take too long: the machine may have been busy.
 */
function tooMuchGrowth<T>(read: (given: T) => unknown, make: (size: number) => T): string | null {
  const times = new Map<number, number>();
  for (let size = 2 ** 10; size <= megabyte; size *= 2) {
    if (size > mostOfRequest && (times.get(mostOfRequest) ?? 0) > fastMs) break;
    const given = make(size);
    const smaller = size / 8;
    times.set(
      size,
      timeOf(() => read(given)),
    );
    for (let tries = 0; isTooLong(); tries += 1) {
      const [large = 0, small = 0] = [times.get(size), times.get(smaller)];
      if (tries === 5 || large > 5_000) {
        return `${smaller} characters took ${small.toFixed(2)} ms and ${size} took ${large.toFixed(2)} ms`;
      }
      const smallGiven = make(smaller);
      times.set(
        smaller,
        Math.max(
          small,
          timeOf(() => read(smallGiven)),
        ),
      );
      times.set(
        size,
        Math.min(
          large,
          timeOf(() => read(given)),
        ),
      );
    }
    function isTooLong(): boolean {
      const large = times.get(size) ?? 0;
      return large > shortestMs && large > mostGrowth * (times.get(smaller) ?? 0);
    }
  }
  return null;
}

const repeat = (piece: string, size: number) => piece.repeat(Math.ceil(size / piece.length));

describe('the time to read a text is linear in its length', () => {
  it.each(Object.entries(readers))('in %s', async (_name, read) => {
    const found: string[] = [];
    for (const [nth, piece] of pieces.entries()) {
      const begin = begins[nth % begins.length] ?? '';
      const end = ends[nth % ends.length] ?? '';
      const make = (size: number) => begin + repeat(piece, size) + end;
      const growth = tooMuchGrowth(read, make);
      if (growth !== null) found.push(`${JSON.stringify(make(20))}: ${growth}`);
      await setImmediate();
    }
    expect(found).toEqual([]);
  });

  it.each(Object.entries(documents))('in a store file with many %s', (_name, make) => {
    expect(tooMuchGrowth(readFile, make)).toBeNull();
  });
});
