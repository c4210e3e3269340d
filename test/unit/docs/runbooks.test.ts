import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

describe('the runbooks that messages name', () => {
  it('are all there', () => {
    const text = readFileSync(join(root, 'src/core/runbooks.ts'), 'utf8');
    const names = [...text.matchAll(/^ {2}\| '([\w-]+)'/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !existsSync(join(root, `docs/runbooks/${name}.md`)))).toEqual([]);
  });
});
