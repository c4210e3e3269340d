import { createHash } from 'node:crypto';
import { type Html, html } from '../ops/page.ts';

type Schema = Readonly<Record<string, unknown>>;

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly operationId?: string;
  readonly summary?: string;
  readonly 'x-role'?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content & { readonly description?: string }>>;
}

/** The parts of an OpenAPI document that this page shows. */
export interface ApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** The reference as a page: plain HTML without a script, made from the document alone. */
export function referencePage({ paths = {}, components = {} }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))];
  const sections = tags.map((tag) => {
    const ofTag = operations.filter(({ operation }) => operation.tags?.includes(tag) === true);
    return html`<h2 id="${anchorOf('tag', tag)}">${tag}</h2>${join(ofTag.map(operationHtml))}`;
  });
  const contents = [...tags, 'Shapes'].map(
    (name) => html`<li><a href="#${anchorOf('tag', name)}">${name}</a></li>`,
  );
  const schemas = Object.entries(components.schemas ?? {}).map(
    ([name, schema]) =>
      html`<details id="${anchorOf('shape', name)}"><summary><code>${name}</code></summary>${schemaHtml(schema)}</details>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference · Rollcall</title>
<link rel="icon" href="data:,">
<style>${{ text: style }}</style>
</head>
<body>
<main>
<h1>Rollcall API</h1>
<p>Send an access token as <code>Authorization: Bearer TOKEN</code>. The administrator of Rollcall makes one with
<code>rollcall token create</code>. The same as a document: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Contents"><ul>${join(contents)}</ul></nav>
${join(sections)}
<h2 id="${anchorOf('tag', 'Shapes')}">Shapes</h2>
${join(schemas)}
</main>
</body>
</html>`.text;
}

function join(parts: readonly Html[]): Html {
  return { text: parts.map(({ text }) => text).join('\n') };
}

interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function operationHtml({ path, method, operation }: Described): Html {
  const { operationId = '', summary = '', parameters = [], requestBody, responses } = operation;
  const body = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => html`<h3>Body <small>${type}</small></h3>${schemaHtml(schema)}`,
  );
  const answers = Object.entries(responses ?? {}).map(([status, { description = '', content }]) => {
    const contents = Object.entries(content ?? {}).map(
      ([type, { schema }]) => html`<p><small>${type}</small></p>${schemaHtml(schema)}`,
    );
    const says = description === 'Default Response' ? '' : description;
    return html`<h3>${status === 'default' ? 'otherwise' : status} <small>${says}</small></h3>${join(contents)}`;
  });
  return html`<details id="${operationId}"><summary><b>${method.toUpperCase()}</b> <code>${path}</code>
<small>${operation['x-role'] ?? ''}</small> <span>${summary}</span></summary>
${parameters.length === 0 ? '' : join([html`<h3>Parameters</h3>`, ...parameters.map(parameterHtml)])}
${join([...body, ...answers])}</details>`;
}

function parameterHtml({
  name,
  in: place,
  required,
  schema,
}: NonNullable<Operation['parameters']>[number]): Html {
  const label = `${place}${required === true ? ', required' : ''}`;
  return html`<p><code>${name}</code> <small>${label}</small> <code>${JSON.stringify(schema)}</code></p>`;
}

const reference = /"#\/components\/schemas\/([^"]+)"/;

/** A schema as JSON, with its references as links. */
function schemaHtml(schema: Schema): Html {
  const parts = JSON.stringify(schema, null, 2).split(reference);
  const linked = parts.map((part, at) =>
    at % 2 === 0 ? html`${part}` : html`<a href="#${anchorOf('shape', part)}">${part}</a>`,
  );
  return html`<pre>${{ text: linked.map(({ text }) => text).join('') }}</pre>`;
}

const anchorOf = (kind: 'shape' | 'tag', name: string): string =>
  `${kind}-${name.replaceAll(/[^\w-]/g, '-')}`;

const style = `
:root { color-scheme: light dark; --ground: #f2f4f7; --card: #fff; --text: #17202e; --soft: #556173; --line: #c9d0da; --accent: #1f5fd0; }
@media (prefers-color-scheme: dark) { :root { --ground: #10151d; --card: #19212c; --text: #e8edf4; --soft: #a3b0c2; --line: #3a4656; --accent: #7aa7ff; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 60rem; margin: 0 auto; }
h1 { letter-spacing: -.02em; } h2 { scroll-margin-top: 1rem; margin: 2.25rem 0 .75rem; } h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
a { color: var(--accent); } small { color: var(--soft); font-weight: 400; }
details { margin: .4rem 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
details > :not(summary) { margin-left: 1rem; margin-right: 1rem; }
summary { padding: .6rem 1rem; cursor: pointer; } summary b { display: inline-block; min-width: 4.2rem; } summary span { display: block; color: var(--soft); }
summary small { float: right; } code, pre { font-size: .875rem; } code { overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1.25rem 0; padding: 0; list-style: none; } nav a { display: inline-block; padding: .25rem 0; } pre { padding: .75rem; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); border-radius: 6px; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** The page may load its own style and nothing else. */
export const referencePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
