import './zod-without-eval.ts';
import { stringify } from 'yaml';
import { InvalidInput } from '../../../src/core/errors.ts';
import { checkExpression } from '../../../src/core/mapping/expression.ts';
import { openMapping } from '../../../src/core/mapping/map-user.ts';
import type { Mapping, StoreConfig } from '../../../src/core/model/store-config.ts';
import { nextRun } from '../../../src/core/schedule/next-run.ts';
import { parseStoreFile } from '../../../src/core/store-file/parse-store-file.ts';
import { lineOfSetting, parseStoreYaml } from '../../../src/core/store-file/parse-store-yaml.ts';
import type { Schedule, Sections } from '../api/client.ts';

export { checkExpression, openMapping };

/** What is wrong with sections, by the path of a store file: the server's own words. */
export function complaintsAbout(sections: Sections): ReadonlyMap<string, string> {
  try {
    const { mapping, settings, criteria, schedule, safeguards } = sections;
    readSections({ mapping, settings, criteria, schedule, safeguards }, sections, {});
    return new Map();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return new Map(error.message.split('\n').map(splitComplaint));
  }
}

/** Reads a parsed store file over a configuration; `InvalidInput` as the server has it. */
function readSections(document: unknown, base: Sections, defaults: Mapping): Sections {
  const read = parseStoreFile(document, mapped(base), defaults);
  // A field that has no rule any more is unmapped.
  const fields = Object.keys(base.mapping).map((field) => [field, null] as const);
  return { ...read, mapping: { ...Object.fromEntries(fields), ...read.mapping } } as Sections;
}

/** A configuration as a store file. */
export function fileOf({ mapping, settings, criteria, schedule, safeguards }: Sections): string {
  return stringify({ mapping, settings, criteria, schedule, safeguards }, { lineWidth: 100 });
}

/** Reads the text of a store file, with the default mapping of its directory; or says what is wrong with it, and in which line. */
export function readFile(
  text: string,
  base: Sections,
  defaults: Mapping,
): { readonly sections: Sections } | { readonly error: string } {
  try {
    const document = parseStoreYaml(text, 'file');
    return { sections: readSections(document, base, defaults) };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const said = error.message.split('\n').map((line) => {
      const at = lineOfSetting(text, splitComplaint(line)[0]);
      return at === null ? line : `line ${at}: ${line}`;
    });
    return { error: said.join('\n') };
  }
}

/** The next times at which a schedule starts a run. */
export function nextTimes(schedule: Schedule, after: Date, count: number): readonly Date[] {
  const found: Date[] = [];
  for (let last = after; found.length < count; ) {
    // The two types differ in that a document can't hold what is read-only.
    const next = nextRun(schedule as NonNullable<StoreConfig['schedule']>, last);
    if (next === null) break;
    found.push(next);
    last = next;
  }
  return found;
}

function splitComplaint(line: string): readonly [path: string, message: string] {
  const [, path = '', message = line] = /^([^:]*): (.*)$/s.exec(line) ?? [];
  return [path, message];
}

/** The core knows a field that is not mapped as one that has no rule. */
function mapped({ mapping, ...rest }: Sections): StoreConfig {
  const rules = Object.entries(mapping).filter(([, rule]) => rule !== null);
  return { ...rest, mapping: Object.fromEntries(rules) } as StoreConfig;
}
