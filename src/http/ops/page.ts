/** A whole page in Rollcall's style: plain HTML, no script, nothing fetched from elsewhere. */
export function page({ title, body }: { readonly title: string; readonly body: Html }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Rollcall</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<main>
<p class="brand">${trusted(mark)}Rollcall</p>
${body}
</main>
</body>
</html>`.text;
}

/** Text that is HTML already. */
export interface Html {
  readonly text: string;
}

function trusted(text: string): Html {
  return { text };
}

/** A template whose values are escaped, unless they are HTML already. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  const escaped = values.map((value) =>
    typeof value === 'string' ? escapeHtml(value) : value.text,
  );
  return { text: String.raw({ raw: parts }, ...escaped) };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

const mark = `<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="7" fill="currentColor"/>
<path d="M7 9.5h7M7 14h7M7 18.5h7" stroke="#fff" stroke-width="2" stroke-linecap="round" opacity=".7"/>
<path d="m16.5 14.2 2.2 2.4 3.8-5" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

const style = `
:root { color-scheme: light dark; --ground: #f2f4f7; --card: #fff; --text: #17202e; --soft: #556173;
  --line: #c9d0da; --accent: #1f5fd0; --accent-text: #fff; --bad: #b3261e; --bad-ground: #fdeceb; }
@media (prefers-color-scheme: dark) { :root { --ground: #10151d; --card: #19212c; --text: #e8edf4; --soft: #a3b0c2;
  --line: #3a4656; --accent: #7aa7ff; --accent-text: #0d1726; --bad: #ffb4ab; --bad-ground: #46201d; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { width: 100%; max-width: 25rem; padding: 2.25rem 2rem 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  box-shadow: 0 1px 2px #0000000d, 0 12px 32px #0000001a; }
.brand { display: flex; align-items: center; gap: .6rem; margin: 0 0 1.75rem; font-weight: 650; font-size: 1.05rem; letter-spacing: -.01em; }
.brand svg { color: #1f5fd0; }
h1 { margin: 0 0 .35rem; font-size: 1.45rem; line-height: 1.25; letter-spacing: -.02em; }
p { margin: 0 0 1.35rem; color: var(--soft); }
.brand, strong { color: var(--text); }
label { display: block; margin-bottom: .35rem; font-weight: 600; font-size: .925rem; }
input { width: 100%; padding: .65rem .8rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
input[aria-invalid] { border-color: var(--bad); }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid color-mix(in srgb, var(--accent) 45%, transparent); outline-offset: 1px; }
.hint { margin: .5rem 0 1.35rem; font-size: .875rem; }
.problem { margin: 0 0 1.1rem; padding: .65rem .8rem; color: var(--bad); background: var(--bad-ground); border-radius: 8px; font-size: .925rem; }
button { width: 100%; padding: .7rem 1rem; font: inherit; font-weight: 600; color: var(--accent-text); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
button:hover { filter: brightness(1.08); }
a { color: var(--accent); }
.back { margin: 1.1rem 0 0; text-align: center; font-size: .925rem; }
code { padding: .1em .35em; font-size: .92em; background: var(--ground); border-radius: 5px; }
`;
