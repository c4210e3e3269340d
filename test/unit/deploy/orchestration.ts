import { readFileSync } from 'node:fs';

/** The files that settings named `…_FILE` name. */
export function namedFiles(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, path]) => (name.endsWith('_FILE') ? [path] : []));
}

/** The time after which a process that stops has given up. */
export function stopsWithinSeconds(): number {
  const source = readFileSync('src/app/shutdown.ts', 'utf8');
  const [, deadlineMs = ''] = /^const deadlineMs = ([\d_]+);/m.exec(source) ?? [];
  return Number(deadlineMs.replaceAll('_', '')) / 1000;
}
