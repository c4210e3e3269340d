import { InvalidInput } from '../errors.ts';
import { describeHidden } from '../hidden-characters.ts';

export const templateKinds = ['welcome', 'address-changed'] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** The text of a mail, with variables such as `{{name}}`. */
export interface Template {
  readonly subject: string;
  readonly text: string;
}

/** What the variables of a template become. */
export type TemplateValues = Readonly<Partial<Record<VariableName, string>>>;

const variableNames = ['name', 'email', 'store'] as const;
type VariableName = (typeof variableNames)[number];

/** The variables of each template, and those that it must have. */
const variables: Readonly<
  Record<
    TemplateKind,
    { readonly all: readonly VariableName[]; readonly required: readonly VariableName[] }
  >
> = {
  welcome: { all: ['name', 'email', 'store'], required: [] },
  'address-changed': { all: ['name', 'store'], required: [] },
};

export const defaultTemplates: Readonly<Record<TemplateKind, Template>> = {
  welcome: {
    subject: 'Welcome',
    text: 'Hello {{name}},\n\nyou are now a member, with the address {{email}}.\n',
  },
  'address-changed': {
    subject: 'Your address was changed',
    text: 'Hello {{name}},\n\nyour address was changed in the directory, and this one is no longer used.\nIf you do not know why, tell your administrator at once.\n',
  },
};

/** What a preview shows: the values of nobody. */
export const sampleValues: TemplateValues = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  store: 'acme',
};

const longestSubject = 200;
const longestText = 10_000;
const longestValue = 200;
const variable = /\{\{([^{}]*)\}\}/g;

/** `InvalidInput` with all that is wrong in a template. Variables are all there is: no conditions, no helpers. */
export function checkTemplate(kind: TemplateKind, { subject, text }: Template): void {
  const { all, required } = variables[kind];
  const used = [...`${subject}\n${text}`.matchAll(variable)].map(([, name = '']) => name.trim());
  const isKnown = (name: string): boolean => (all as readonly string[]).includes(name);
  const unknown = used.filter((name) => !isKnown(name));
  const inText = new Set([...text.matchAll(variable)].map(([, name = '']) => name.trim()));
  const hasBraces =
    /\{\{\{|\}\}\}/.test(`${subject}\n${text}`) ||
    /\{\{|\}\}/.test(`${subject}\n${text}`.replaceAll(variable, ''));
  const hidden = describeHidden(subject);
  const problems = [
    ...(subject.trim() === '' ? ['subject: is empty'] : []),
    ...(hidden === null ? [] : [`subject: has ${hidden}`]),
    ...(subject.length > longestSubject ? [`subject: longer than ${longestSubject}`] : []),
    ...(text.trim() === '' ? ['text: is empty'] : []),
    ...(text.length > longestText ? [`text: longer than ${longestText} characters`] : []),
    ...(hasBraces ? ['{{ and }} stand around the name of a variable alone'] : []),
    ...unknown.map((name) => `there is no variable ${JSON.stringify(name)}`),
    ...required.filter((name) => !inText.has(name)).map((name) => `text: lacks {{${name}}}`),
  ];
  if (problems.length === 0) return;
  throw new InvalidInput(problems.join('\n'), {
    hint: `The variables are: ${all.map((name) => `{{${name}}}`).join(', ')}.`,
  });
}

/**
 * A template with its values. A value is put in as it is, once: what looks like a variable in it stays. Line breaks of
 * values become blanks. Null when the subject would have a control character, which could begin another header.
 */
export function renderTemplate(
  { subject, text }: Template,
  values: TemplateValues,
): Template | null {
  const fill = (template: string): string =>
    template.replaceAll(variable, (whole, name: string) => {
      const value = values[name.trim() as VariableName];
      return value === undefined ? whole : onOneLine(value);
    });
  const filled = { subject: fill(subject).trim(), text: fill(text) };
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(filled.subject) ? null : filled;
}

function onOneLine(value: string): string {
  return value
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, longestValue)
    .trim();
}
