/** An attribute as RFC 7643, section 7 describes it. */
export interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readWrite' | 'readOnly' | 'immutable';
  readonly returned: 'default' | 'always';
  readonly uniqueness: 'none' | 'server';
  readonly subAttributes?: readonly Attribute[];
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
}

type Traits = Partial<Omit<Attribute, 'name' | 'description' | 'type' | 'subAttributes'>>;

const plain = {
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
} as const;

export function text(name: string, description: string, traits: Traits = {}): Attribute {
  return { name, type: 'string', description, ...plain, ...traits };
}

export function flag(name: string, description: string, traits: Traits = {}): Attribute {
  return { name, type: 'boolean', description, ...plain, ...traits };
}

export function reference(name: string, description: string, traits: Traits = {}): Attribute {
  return { name, type: 'reference', description, ...plain, caseExact: true, ...traits };
}

export function complex(
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  traits: Traits = {},
): Attribute {
  return { name, type: 'complex', description, ...plain, ...traits, subAttributes };
}

/** The attribute of this name, whatever the case of its letters (RFC 7643, section 2.1). */
export function attributeNamed(
  attributes: readonly Attribute[],
  name: string,
): Attribute | undefined {
  let byName = attributesByName.get(attributes);
  if (byName === undefined) {
    byName = new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));
    attributesByName.set(attributes, byName);
  }
  return byName.get(name.toLowerCase());
}

const attributesByName = new WeakMap<readonly Attribute[], Map<string, Attribute>>();
