import { z } from 'zod';
import { settingsSchema } from '../../../config/schema.ts';
import {
  conditionKinds,
  groupSync,
  matching,
  ruleKinds,
  safeguards,
  schedule,
  settings,
} from '../../../src/core/store-file/schema.ts';
import { directories } from '../../../src/directories/index.ts';
import { openApiWorld } from '../../fakes/api-world.ts';

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

/** The places in a JSON schema where a text, a list or an object with names of any kind has no maximum. */
function unbounded(root: unknown, document: unknown = root): readonly string[] {
  const found: string[] = [];
  const seen = new Set<unknown>();
  const visit = (schema: unknown, path: string): void => {
    if (!isSchema(schema) || seen.has(schema)) return;
    seen.add(schema);
    if (Object.keys(schema).length > 0 && !hasMaximum(schema)) found.push(path);
    const { $ref, properties, additionalProperties, items } = schema;
    if (typeof $ref === 'string') visit(resolve(document, $ref), path);
    for (const [name, each] of Object.entries(properties ?? {})) visit(each, `${path}.${name}`);
    visit(additionalProperties, `${path}.*`);
    visit(schema['propertyNames'], `${path} (a key)`);
    for (const each of [items, schema['prefixItems']].flat()) visit(each, `${path}[]`);
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      const parts = schema[key];
      if (Array.isArray(parts)) for (const each of parts) visit(each, path);
    }
  };
  visit(root, '');
  return found;
}

function resolve(document: unknown, reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, step) => (isSchema(at) ? at[step] : undefined), document);
}

function hasMaximum(schema: Schema): boolean {
  const { type, pattern, additionalProperties: others, properties } = schema;
  const has = (...keys: readonly string[]) => keys.some((key) => key in schema);
  if (has('enum', 'const')) return true;
  if (type === 'string') {
    // A pattern that repeats nothing without end is a maximum too.
    const endsByItself = typeof pattern === 'string' && !/[*+]|,\}/.test(pattern);
    return has('maxLength') || endsByItself;
  }
  if (type === 'array') return has('maxItems');
  if (type !== 'object') return true;
  const isClosed = others === false || (others === undefined && properties !== undefined);
  return isClosed || has('maxProperties');
}

const inputOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });

describe('every text, list and record has a maximum', () => {
  it('or the walk finds it', () => {
    const bad = z.object({
      text: z.string(),
      list: z.array(z.int()),
      record: z.record(z.string(), z.int()),
      either: z.union([z.int(), z.array(z.string()).max(1)]),
      pattern: z.string().regex(/^a+$/),
    });
    expect(unbounded(inputOf(bad))).toEqual([
      '.text',
      '.list',
      '.record',
      '.record (a key)',
      '.either[]',
      '.pattern',
    ]);
  });

  it('in what the API takes', async () => {
    const api = await openApiWorld();
    const answer = await api.http.ask('/api/v1/openapi.json');
    const document = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
    await api.close();
    let inputs = 0;
    const found: string[] = [];
    const look = (schema: unknown, where: string) => {
      inputs += 1;
      for (const path of unbounded(schema, document)) found.push(`${where}${path}`);
    };
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
        const where = `${method} ${path}`;
        for (const { name, schema } of parameters) look(schema, `${where} ${name}`);
        for (const { schema } of Object.values(requestBody?.content ?? {})) look(schema, where);
      }
    }
    expect(found).toEqual([]);
    expect(inputs).toBeGreaterThan(60);
  });

  it.each(
    Object.entries({
      ...ruleKinds,
      ...Object.fromEntries(
        Object.entries(conditionKinds).map(([name, schema]) => [`condition ${name}`, schema]),
      ),
      matching,
      groupSync,
      settings,
      schedule,
      safeguards,
    }),
  )('in the part %s of a store file', (_name, schema) => {
    expect(unbounded(inputOf(schema))).toEqual([]);
  });

  it('in the settings', () => {
    expect(unbounded(inputOf(settingsSchema))).toEqual([]);
  });

  it.each(directories.all)('in connections and credentials of $kind', (profile) => {
    expect(unbounded(inputOf(profile.connectionSchema))).toEqual([]);
    expect(unbounded(inputOf(profile.credentialSchema))).toEqual([]);
  });
});

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: unknown }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: unknown }>>;
  };
}
