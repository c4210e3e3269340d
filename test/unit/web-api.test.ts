import { readFileSync } from 'node:fs';
import { originOf, readApiDocument } from '../../dev/web-api/document.ts';

describe('the types of the console’s requests', () => {
  it('are those of the OpenAPI document that is served; npm run web:api makes them', async () => {
    const [origin] = readFileSync('web/src/api/schema.d.ts', 'utf8').split('\n');
    expect(origin).toBe(originOf(await readApiDocument()));
  });
});
