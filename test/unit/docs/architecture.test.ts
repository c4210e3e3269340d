import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync('docs/architecture.md', 'utf8');

function sectionOf(title: string): string {
  const [, ...sections] = text.split(/^## /m);
  const found = sections.find((section) => section.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`docs/architecture.md has no section "${title}"`);
  return found;
}

/** The first cells of a section's table, without its head. */
function firstCellsOf(title: string): readonly string[] {
  const rows = sectionOf(title)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) => row.split('|')[1]?.trim() ?? '');
}

function isThere(path: string): boolean {
  return existsSync(path) || existsSync(join('src', path));
}

const drawing = /```mermaid\n(.*?)```/s.exec(text)?.[1] ?? '';
const drawn = [...drawing.matchAll(/\["([^"<]*)/g)].map(([, path = '']) => path);
const quoted = [...text.matchAll(/`([^`\s]+\.ts)`/g)].map(([, path = '']) => path);

describe('docs/architecture.md', () => {
  it('names in every node of its drawing a file that exists', () => {
    expect(drawn).toContain('sync/run/execute-run.ts');
    expect(drawn.filter((path) => !path.endsWith('.ts') || !isThere(path))).toEqual([]);
  });

  it('names only files that exist', () => {
    expect(quoted).toContain('sync/run/execute-run.ts');
    expect(quoted.filter((path) => !isThere(path))).toEqual([]);
  });

  it('explains at most 30 words', () => {
    const words = firstCellsOf('Words');
    expect(words).toContain('run');
    expect(words.length).toBeLessThanOrEqual(30);
  });

  it('names every folder of src, and no other, in its folder table', () => {
    const named = firstCellsOf('Where things are').flatMap((cell) =>
      [...cell.matchAll(/`src\/([^/`]+)\/`/g)].map(([, folder = '']) => folder),
    );
    const folders = readdirSync('src', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(named.toSorted()).toEqual(folders.toSorted());
  });
});
