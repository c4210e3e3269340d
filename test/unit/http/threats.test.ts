import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

describe('the threat model', () => {
  const rows = readFileSync(join(root, 'docs/security.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (threat |-)/.test(line));
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });

  it('has threats', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('names existing tests: %s', (row) => {
    const named = [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, one]) => one);
    expect(named.length).toBeGreaterThan(0);
    const missing = named.filter(
      (one = '') =>
        !existsSync(join(root, 'test', one)) && !all.some((path) => path.endsWith(`/${one}`)),
    );
    expect(missing).toEqual([]);
  });
});
