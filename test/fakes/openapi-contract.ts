import { Ajv2020 } from 'ajv/dist/2020.js';

interface Operation {
  readonly operationId: string;
  readonly 'x-role': string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, unknown> }>>;
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly json: unknown;
}

/** One operation of the OpenAPI document. */
interface ListedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly role: string;
  readonly isSecured: boolean;
  /** The statuses that are documented as success. */
  readonly success: readonly string[];
}

/** Checks answers against an OpenAPI document. */
export interface Contract {
  readonly operations: readonly ListedOperation[];
  /** `operationId status` of each success seen. */
  readonly seen: Set<string>;
  /** Throws when an answer differs from the document. */
  check(exchange: Exchange): void;
}

export function readContract(document: unknown): Contract {
  const { paths, openapi } = document as {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  if (!openapi.startsWith('3.1')) throw new Error(`OpenAPI ${openapi}`);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document as object, 'api');
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const find = (method: string, asked: string) =>
    all.find(
      (each) =>
        each.method === method.toLowerCase() &&
        // A literal path goes before one with a parameter.
        (each.path === asked || patternOf(each.path).test(asked)) &&
        !all.some(
          (other) => other.path === asked && other.method === each.method && other !== each,
        ),
    );
  const seen = new Set<string>();
  return {
    seen,
    operations: all.map(({ path, method, operation }) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path: path.replace('/api/v1', ''),
      role: operation['x-role'],
      isSecured: operation.security.length > 0,
      success: Object.keys(operation.responses).filter((status) => status.startsWith('2')),
    })),
    check({ method, path, status, type, text, json }) {
      const found = find(method, path.split('?')[0] ?? path);
      if (found === undefined) {
        if (status !== 404 && status !== 405)
          throw new Error(`${method} ${path} is not documented`);
        return;
      }
      const { operation } = found;
      const key = String(status) in operation.responses ? String(status) : 'default';
      const content = operation.responses[key]?.content;
      if (key !== 'default') seen.add(`${operation.operationId} ${status}`);
      if (content === undefined) {
        if (text !== '') throw new Error(`${operation.operationId} ${status} should have no body`);
        return;
      }
      const [mediaType = ''] = type.split(';');
      if (!(mediaType in content)) {
        throw new Error(
          `${operation.operationId} ${status} answers ${type}: ${text.slice(0, 500)}`,
        );
      }
      if (json === undefined) return;
      const steps = ['paths', found.path, found.method, 'responses', key, 'content', mediaType];
      const pointer = [...steps, 'schema'].map(escapePointer).join('/');
      const validate = ajv.getSchema(`api#/${pointer}`);
      if (validate === undefined) throw new Error(`no schema at ${pointer}`);
      if (validate(json) === true) return;
      throw new Error(
        `${operation.operationId} ${status} breaks its contract: ${ajv.errorsText(validate.errors)}: ${text.slice(0, 1000)}`,
      );
    },
  };
}

const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);

const escapePointer = (step: string) =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
