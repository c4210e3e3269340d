import { type Document, type ErrorCode, isNode, LineCounter, parseDocument, visit } from 'yaml';
import { InvalidInput, messageOf } from '../errors.ts';
import { within } from '../input-problems.ts';
import { isObject } from '../model/source-user.ts';

/** Reads the text of a store file as plain values; `InvalidInput` with line and column for each mistake in its YAML. */
export function parseStoreYaml(text: string, where: string): unknown {
  const document = parseDocument(text);
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length === 0) return within(where, () => readSections(document));
  const lines = mistakes.map(({ code, message, linePos }) => {
    const [position] = linePos ?? [];
    return `${where}:${position?.line ?? 1}:${position?.col ?? 1}: ${describe(code, message)}`;
  });
  throw new InvalidInput(lines.join('\n'), {
    hint: 'Mend the YAML and try again; nothing was changed.',
  });
}

function describe(code: ErrorCode, message: string): string {
  if (code === 'MULTIPLE_DOCS') return severalDocuments;
  if (code === 'RESOURCE_EXHAUSTION') return 'lists or objects are nested too deeply here';
  return message.replace(/ at line \d+, column \d+.*/s, '');
}

const severalDocuments = 'a second document begins here, and a store file is one: remove the ---';

/** The sections in which every value is a text. */
const textSections = ['mapping', 'criteria'] as const;

/** YAML takes 00042, 1.10 and True for numbers and booleans: as a text, a value is what the file has. */
function readSections(document: Document): unknown {
  const sections = resolveAliases(document);
  if (!isObject(sections)) return sections;
  visit(document, {
    Scalar(_key, scalar) {
      if (scalar.value !== null && scalar.source !== undefined) scalar.value = scalar.source;
    },
  });
  const spelled = resolveAliases(document) as typeof sections;
  const texts = textSections.filter((name) => Object.hasOwn(sections, name));
  return { ...sections, ...Object.fromEntries(texts.map((name) => [name, spelled[name]])) };
}

/** Aliases are resolved only now: an unknown name, or aliases of aliases that would fill the memory. */
function resolveAliases(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new InvalidInput(`its aliases can't be used: ${messageOf(error)}`, { cause: error });
  }
}

/** The line of the setting at a path such as `criteria.users.conditions[0].value`, or of what is around it; null for none. */
export function lineOfSetting(text: string, path: string): number | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (let keys = keysOf(path); keys.length > 0; keys = keys.slice(0, -1)) {
    const node: unknown = document.getIn(keys, true);
    if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line;
  }
  return null;
}

/** The name of a field of one's own has dots: `mapping.custom.shirtSize`. */
function keysOf(path: string): readonly (string | number)[] {
  if (path.startsWith('mapping.')) return ['mapping', path.slice('mapping.'.length)];
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) =>
    index === undefined ? key : Number(index),
  );
}
