import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync('docs/deployment.md', 'utf8');

describe('docs/deployment.md', () => {
  it('is linked from the README', () => {
    expect(readFileSync('README.md', 'utf8')).toContain('](docs/deployment.md)');
  });

  it('names files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => join('docs', path));
    const named = [...text.matchAll(/\b(deploy\/[\w./-]*\w)/g)].map(([, path = '']) => path);
    const paths = [...links, ...named].map((path) => path.replace(/-$/, ''));
    expect(paths.length).toBeGreaterThan(10);
    const isThere = (path: string) =>
      existsSync(path) || path === 'deploy/rollcall-api' || path === 'deploy/systemd/rollcall';
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });

  it('names every folder of deploy/', () => {
    const folders = readdirSync('deploy').filter((name) => !text.includes(`deploy/${name}`));
    expect(folders).toEqual([]);
  });
});
