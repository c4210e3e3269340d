import { Braces, type LucideIcon, Quote, Sparkles, Tag } from 'lucide-react';
import type { MappingRule } from '../../api/client.ts';

export type RuleKind = 'attribute' | 'value' | 'custom' | 'expression';

/** What a rule reads, by kind. */
export const ruleKinds: Readonly<
  Record<RuleKind, { readonly label: string; readonly help: string; readonly icon: LucideIcon }>
> = {
  attribute: { label: 'Attribute', help: 'What JumpCloud has for each person.', icon: Tag },
  value: {
    label: 'Hard-coded value',
    help: 'The same for everybody who comes from this store.',
    icon: Quote,
  },
  custom: {
    label: 'Custom attribute',
    help: 'The Attribute Name, as JumpCloud shows it under the Custom Attributes of a user.',
    icon: Sparkles,
  },
  expression: {
    label: 'Expression',
    help: 'JSONata over JumpCloud’s record; $custom holds the custom attributes.',
    icon: Braces,
  },
};

export const kindNames = Object.keys(ruleKinds) as RuleKind[];

export function kindOf(rule: MappingRule): RuleKind {
  if ('value' in rule) return 'value';
  if ('custom' in rule) return 'custom';
  return 'expression' in rule ? 'expression' : 'attribute';
}

/** What is written for the kind: a name, a value or an expression. */
export function textOf(rule: MappingRule): string {
  if ('value' in rule) return rule.value;
  if ('custom' in rule) return rule.custom;
  return 'expression' in rule ? rule.expression : rule.attribute;
}

export interface RuleOptions {
  readonly default?: string;
  readonly apply?: 'always' | 'on-create';
  readonly transform?: string[];
}

export function optionsOf({ default: otherwise, apply, transform }: MappingRule): RuleOptions {
  return {
    ...(otherwise !== undefined && { default: otherwise }),
    ...(apply !== undefined && { apply }),
    ...(transform !== undefined && { transform }),
  };
}

/** A rule of a kind with the options of another one. */
export function ruleOf(kind: RuleKind, text: string, options: RuleOptions): MappingRule {
  switch (kind) {
    case 'attribute':
      return { attribute: text, ...options };
    case 'value':
      return { value: text, ...options };
    case 'custom':
      return { custom: text, ...options };
    case 'expression':
      return { expression: text, ...options };
  }
}

/** Options without those that say what is so anyway. */
export function withOptions(rule: MappingRule, changed: RuleOptions): MappingRule {
  const { default: otherwise, apply, transform } = { ...optionsOf(rule), ...changed };
  return ruleOf(kindOf(rule), textOf(rule), {
    ...(otherwise !== undefined && otherwise !== '' && { default: otherwise }),
    ...(apply === 'on-create' && { apply }),
    ...(transform !== undefined && transform.length > 0 && { transform }),
  });
}
