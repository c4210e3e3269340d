import { createHash } from 'node:crypto';
import { openApiWorld } from '../../test/fakes/api-world.ts';

/** The OpenAPI document as it is served. */
export async function readApiDocument(): Promise<string> {
  const api = await openApiWorld();
  try {
    return await (await api.http.ask('/api/v1/openapi.json')).text();
  } finally {
    await api.close();
  }
}

/** The first line of `web/src/api/schema.d.ts`: it names the document that the types were made from. */
export function originOf(document: string): string {
  const hash = createHash('sha256').update(document).digest('hex');
  return `// Made by \`npm run web:api\` from the OpenAPI document with the SHA-256 ${hash}.`;
}
