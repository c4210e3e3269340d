import { readFile } from 'node:fs/promises';
import { type Document, type ErrorCode, parseDocument, visit } from 'yaml';
import { InvalidInput, messageOf } from '../core/errors.ts';
import { within } from '../core/input-problems.ts';
import { isObject } from '../core/model/source-user.ts';
import type { InputStream } from './dependencies.ts';

/** Reads a store file as plain values; `InvalidInput` with line and column for each mistake in its YAML. */
export async function readStoreFile(file: string, stdin: InputStream): Promise<unknown> {
  const where = file === '-' ? 'standard input' : file;
  return parseYaml(await readText(file, { where, stdin }), where);
}

async function readText(
  file: string,
  { where, stdin }: { readonly where: string; readonly stdin: InputStream },
): Promise<string> {
  const bytes = file === '-' ? await readAll(stdin) : await readFileBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InvalidInput(`${where} is not a text file in UTF-8.`, { cause: error });
  }
}

async function readAll(stdin: InputStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function readFileBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new InvalidInput(`${file} can't be read: ${messageOf(error)}`, { cause: error });
  }
}

function parseYaml(text: string, where: string): unknown {
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
