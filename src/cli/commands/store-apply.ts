import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Document, parseDocument } from 'yaml';
import { InvalidInput, messageOf } from '../../core/errors.ts';
import { within } from '../../core/input-problems.ts';
import { findStore } from '../../manage/find.ts';
import { configureStore, readSections } from '../../manage/stores/configure-store.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import { storeJson } from '../../presenters/store.ts';
import { addCommand, type Connected, type Context, withPorts } from '../context.ts';
import type { InputStream } from '../dependencies.ts';
import { noteLateSchedules } from '../views/note-late-schedules.ts';
import { changeLines, previewStore } from './store-preview.ts';

interface ApplyOptions {
  readonly file: string;
  readonly preview?: true;
}

export function addStoreApply(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'apply <name>',
    summary: 'configure a store from a file: mapping, settings, criteria, schedule, safeguards',
    examples: [
      'rollcall store apply acme -f acme.yaml --preview   # the members it would change',
      'rollcall store apply acme -f acme.yaml',
      'echo \'schedule: { enabled: true, frequency: daily, time: "02:00", timezone: UTC }\' | rollcall store apply acme -f -',
    ],
  })
    .requiredOption('-f, --file <file>', 'a YAML file; - reads standard input')
    .option('--preview', 'only show what changes, and the members that the next run would change')
    .action((name: string, options: ApplyOptions) =>
      withPorts(context, (connected) => applyFile(connected, name, options)),
    );
}

async function applyFile(
  connected: Connected,
  name: string,
  { file, preview }: ApplyOptions,
): Promise<void> {
  const { context, ports } = connected;
  const store = await findStore(ports, name);
  const where = file === '-' ? 'standard input' : file;
  const document = parseYaml(await readText(file, context.deps.stdin), where);
  const config = within(where, () => readSections(ports, store, document));
  if (preview === true) return previewStore(connected, store, config);
  const configured = await configureStore(ports, { store, config }, context.actor);
  const { changes, notes, scope } = configured;
  noteLateSchedules(context, configured.scheduleError);
  const view = await viewStore(ports, configured.store);
  for (const note of notes) context.output.note(note);
  return context.output.answer({ ...storeJson(view), changes, notes, scope }, () =>
    changes.length === 0
      ? [`${name} is configured like that already: nothing changed.`]
      : [`Configured ${name}:`, ...changeLines(changes), 'The next run works by it.'],
  );
}

async function readText(file: string, stdin: InputStream): Promise<string> {
  const bytes = file === '-' ? await readAll(stdin) : await readFileBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InvalidInput(`${file} is not a text file in UTF-8.`, { cause: error });
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

/** The YAML document as plain values; `InvalidInput` with line and column for each mistake in it. */
function parseYaml(text: string, where: string): unknown {
  const document = parseDocument(text);
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length === 0) return within(where, () => resolveAliases(document));
  const lines = mistakes.map(({ code, message, linePos }) => {
    const [position] = linePos ?? [];
    const [what = message] =
      code === 'MULTIPLE_DOCS' ? [severalDocuments] : message.split(/ at line \d+, column \d+/);
    return `${where}:${position?.line ?? 1}:${position?.col ?? 1}: ${what}`;
  });
  throw new InvalidInput(lines.join('\n'), {
    hint: 'Mend the YAML and try again; nothing was changed.',
  });
}

const severalDocuments = 'a second document begins here, and a store file is one: remove the ---';

/** Aliases are resolved only now: an unknown name, or aliases of aliases that would fill the memory. */
function resolveAliases(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new InvalidInput(`its aliases can't be used: ${messageOf(error)}`, { cause: error });
  }
}
