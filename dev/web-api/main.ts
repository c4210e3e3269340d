/**
 * `npm run web:api`: makes the types of the console's requests from the OpenAPI document. openapi-typescript refuses
 * TypeScript 7, so npm runs it with a TypeScript of its own.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { originOf, readApiDocument } from './document.ts';

const packages = ['openapi-typescript@7.13.0', 'typescript@5.9.3'];
const document = await readApiDocument();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-web-api-'));
try {
  writeFileSync(join(folder, 'openapi.json'), document);
  execFileSync(
    'npm',
    [
      'exec',
      '--yes',
      ...packages.map((name) => `--package=${name}`),
      '--',
      'openapi-typescript',
      'openapi.json',
      '--output',
      'schema.d.ts',
    ],
    { cwd: folder, stdio: 'inherit' },
  );
  const types = readFileSync(join(folder, 'schema.d.ts'), 'utf8');
  writeFileSync('web/src/api/schema.d.ts', `${originOf(document)}\n${types}`);
} finally {
  rmSync(folder, { recursive: true });
}
