import type { SwaggerTransform, SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { accessOf } from '../auth/access.ts';

/**
 * Refuses a route without a schema as it is added: it would check no request, and be missing in the
 * document. Must be called after `describeSection` and before the routes are added.
 */
export function requireSchemas(app: Pick<FastifyInstance, 'addHook'>): void {
  app.addHook('onRoute', ({ method, url, schema }) => {
    if (schema?.hide === true) return;
    if (schema?.tags && schema.operationId !== undefined && schema.response !== undefined) return;
    throw new Error(
      `The route ${[method].flat().join(', ')} ${url} has no schema with tags, operationId and response.`,
    );
  });
}

/** Adds the role that the table of access requires to the description of a route. */
export const describeRoute: SwaggerTransform = (described) => {
  const { schema, url } = jsonSchemaTransform(described);
  const access = accessOf([described.route.method].flat()[0] ?? 'GET', described.url);
  const security = access === 'public' ? [] : [{ token: [] }, { session: [] }];
  return { schema: { ...schema, security, 'x-role': access } as typeof schema, url };
};

/** Adds the schemas that routes refer to. Each has an input and an output form; unused ones are removed. */
export const describeShapes: SwaggerTransformObject = (described) => {
  const document: object = jsonSchemaTransformObject(described);
  const { components = {}, paths } = document as {
    readonly components?: { readonly schemas?: Readonly<Record<string, object>> };
    readonly paths?: unknown;
  };
  const { schemas = {} } = components;
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(
      /"#\/components\/schemas\/([^"]+)"/g,
    )) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? {});
    }
  };
  follow(paths ?? {});
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  return { ...document, components: { ...components, schemas: Object.fromEntries(kept) } };
};
