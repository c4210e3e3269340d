import { readFile } from 'node:fs/promises';
import { InvalidInput, messageOf } from '../core/errors.ts';
import { parseStoreYaml } from '../core/store-file/parse-store-yaml.ts';
import type { InputStream } from './dependencies.ts';

/** Reads a store file as plain values; `InvalidInput` with line and column for each mistake in its YAML. */
export async function readStoreFile(file: string, stdin: InputStream): Promise<unknown> {
  const where = file === '-' ? 'standard input' : file;
  return parseStoreYaml(await readText(file, { where, stdin }), where);
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
