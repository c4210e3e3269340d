import type { OutputStream, Surroundings } from '../dependencies.ts';
import { createPaint, type Paint, type Style } from './style.ts';
import { type Table, tableLines } from './table.ts';
import { printable } from './text-width.ts';

/** The reader of our output has closed it (`rollcall members list | head`): there is nothing left to do. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** Text is written in chunks of about this many characters, so that a slow reader slows us down. */
const chunkLength = 32_768;

/** A line for people. A mark before its text can have a style. */
export type Line = string | { readonly mark: string; readonly style: Style; readonly text: string };

/** A line with a green tick, or with a red cross where something is not as it should be. */
export function checkedLine(ok: boolean, text: string): Line {
  return { mark: ok ? '✓' : '✗', style: ok ? 'green' : 'red', text: ` ${text}` };
}

interface JsonList<T> {
  readonly items: Iterable<T> | AsyncIterable<T>;
  readonly json: (item: T) => object;
}

/** The output of a command: results on standard output, everything else on standard error. */
export class Output {
  /** One JSON document on standard output instead of text for people. */
  readonly json: boolean;
  /** Styles for standard output. */
  readonly #paint: Paint;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  #hasAnswered = false;

  constructor(
    { stdout, stderr, env }: Pick<Surroundings, 'stdout' | 'stderr' | 'env'>,
    { json }: { readonly json: boolean },
  ) {
    this.json = json;
    this.#paint = createPaint(stdout, env);
    this.#stdout = stdout;
    this.#stderr = stderr;
    // Write callbacks report failures; without a listener the same failure would end the process.
    stdout.on('error', () => undefined);
    stderr.on('error', () => undefined);
  }

  /** Whether standard output has got the answer, or a part of it. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Writes to standard output; resolves once it is written. Throws `ReaderGone` when the reader has closed it. */
  async write(text: string): Promise<void> {
    this.#hasAnswered = true;
    await new Promise<void>((resolve, reject) => {
      this.#stdout.write(text, (error?: Error | null) => {
        if (!error) resolve();
        else reject('code' in error && error.code === 'EPIPE' ? new ReaderGone() : error);
      });
    });
  }

  /** A message to the user, on standard error. Its quoted text may come from anywhere. */
  note(text: string): void {
    for (const line of text.split('\n')) this.#stderr.write(`${printable(line)}\n`);
  }

  /** A command's one answer: `document` for scripts, `lines` for people. */
  async answer(document: object, lines: () => readonly Line[]): Promise<void> {
    const text = this.json
      ? jsonText(document, 2)
      : lines()
          .map((line) => this.#lineText(line))
          .join('\n');
    await this.write(`${text}\n`);
  }

  #lineText(line: Line): string {
    if (typeof line === 'string') return printable(line);
    return this.#paint(line.style, printable(line.mark)) + printable(line.text);
  }

  /** A list as a command's one answer: a table, or a JSON array with one item a line. */
  async list<T>(list: Table<T> & JsonList<T>): Promise<void> {
    if (!this.json) return this.table(list);
    await this.#writeAll(jsonArray(list));
    await this.write('\n');
  }

  /** A JSON object with one array that may be long: `head`, then `name`. */
  async objectWithList<T>(head: object, name: string, list: JsonList<T>): Promise<void> {
    const opening = jsonText(head, 2).slice(0, -'\n}'.length);
    await this.write(`${opening},\n  ${JSON.stringify(name)}: `);
    await this.#writeAll(jsonArray(list));
    await this.write('\n}\n');
  }

  /** Rows for people, without holding them all. */
  async table<T>({ items, columns, empty }: Table<T>): Promise<void> {
    const maxWidth = this.#stdout.isTTY === true ? (this.#stdout.columns ?? 80) : null;
    await this.#writeAll(
      withNewlines(tableLines({ items, columns, empty, maxWidth, paint: this.#paint })),
    );
  }

  /** The text of a file, as it is; a terminal is shown no character that controls it. */
  async file(parts: AsyncIterable<string>): Promise<void> {
    await this.#writeAll(this.#stdout.isTTY === true ? printableLines(parts) : parts);
  }

  async #writeAll(parts: AsyncIterable<string>): Promise<void> {
    let chunk = '';
    for await (const part of parts) {
      chunk += part;
      if (chunk.length < chunkLength) continue;
      await this.write(chunk);
      chunk = '';
    }
    if (chunk !== '') await this.write(chunk);
  }
}

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

async function* printableLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${printable(line.trimEnd())}\n`;
}

async function* jsonArray<T>({ items, json }: JsonList<T>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const item of items) {
    yield separator + jsonText(json(item));
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]' : '\n]';
}

/** JSON without the few characters that are valid in it but control a terminal. */
function jsonText(value: object, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
