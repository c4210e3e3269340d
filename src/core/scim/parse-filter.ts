import { parse } from 'scim2-parse-filter';
import { badRequest } from './scim-error.ts';

/** A comparison of an attribute with a value. */
export interface Comparison {
  readonly op: 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'lt' | 'ge' | 'le';
  readonly attrPath: string;
  readonly compValue: string | number | boolean | null;
}

/** A filter as the library reads it, with a type for each kind. */
export type Filter =
  | Comparison
  | { readonly op: 'pr'; readonly attrPath: string }
  | { readonly op: 'and'; readonly filters: readonly Filter[] }
  | { readonly op: 'or'; readonly filters: readonly Filter[] }
  | { readonly op: 'not'; readonly filter: Filter }
  | { readonly op: '[]'; readonly attrPath: string; readonly valFilter: Filter };

const longest = 8192;
/** The database nests at most a hundred levels, and each level of a filter takes a few. */
const maxDepth = 20;
const mostTerms = 100;

/** A text to its end, or to the end of the filter when it has none. */
const literals = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/g;
const pieces = /\]\.|[[\]]|[^[\]]+/y;
const comparison = /\s*[\w$]+\s+(?:pr\b|\w\w\s+[^\s()[\]]+)/iy;

/**
 * Reads a filter of RFC 7644, section 3.4.2.2. `ScimError` `invalidFilter` for an invalid one.
 * The library reads texts without their escapes, and `emails[type eq "work"].value eq "x"` as two conditions that two
 * e-mails may meet: both are corrected before the library reads the filter.
 */
export function parseFilter(text: string): Filter {
  if (text.length > longest) {
    throw badRequest('invalidFilter', `The filter is longer than ${longest} characters.`);
  }
  const texts: string[] = [];
  try {
    const filter = restore(parse(joinValuePaths(takeTexts(text, texts))) as Filter, texts);
    checkSize(filter);
    return filter;
  } catch {
    // The library's message quotes the filter, which may hold personal data.
    throw badRequest('invalidFilter', 'The filter is malformed, too deep or too long.');
  }
}

/** `a[f].b eq v` becomes `a[(f) and b eq v]`. The texts are taken out before, so that no bracket is part of one. */
function joinValuePaths(text: string): string {
  const out: string[] = [];
  let open = -1;
  for (let at = 0; at < text.length; ) {
    const piece = matchAt(pieces, text, at) ?? text.slice(at);
    at += piece.length;
    if (piece === '[') open = out.length;
    const compared = piece === '].' && open !== -1 ? matchAt(comparison, text, at) : undefined;
    if (compared === undefined) out.push(piece);
    else {
      out[open] = '[(';
      out.push(`) and ${compared}]`);
      at += compared.length;
    }
  }
  return out.join('');
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Replaces each text by a number, and collects the texts as their JSON reads. */
function takeTexts(text: string, texts: string[]): string {
  return text.replace(literals, (literal) => {
    texts.push(JSON.parse(literal) as string);
    return `"${texts.length - 1}"`;
  });
}

function restore(filter: Filter, texts: readonly string[]): Filter {
  const { op } = filter;
  if (op === 'and' || op === 'or') {
    return { ...filter, filters: filter.filters.map((each) => restore(each, texts)) };
  }
  if (op === 'not') return { ...filter, filter: restore(filter.filter, texts) };
  if (op === '[]') return { ...filter, valFilter: restore(filter.valFilter, texts) };
  if (op === 'pr' || typeof filter.compValue !== 'string') return filter;
  return { ...filter, compValue: texts[Number(filter.compValue)] ?? '' };
}

function checkSize(filter: Filter): void {
  let terms = 0;
  const visit = (each: Filter, depth: number): void => {
    terms += 1;
    if (depth > maxDepth || terms > mostTerms) throw new RangeError('too deep or too long');
    if (each.op === 'and' || each.op === 'or') {
      for (const inner of each.filters) visit(inner, depth + 1);
    } else if (each.op === 'not') visit(each.filter, depth + 1);
    else if (each.op === '[]') visit(each.valFilter, depth + 1);
  };
  visit(filter, 1);
}
