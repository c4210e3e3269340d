import { isObject, type JsonObject } from '../model/source-user.ts';
import { type Attribute, attributeNamed } from './attribute.ts';
import { matchesFilter } from './match-value.ts';
import type { Filter } from './parse-filter.ts';
import type { PatchStep } from './read-patch.ts';
import { readResource, readSingle, readValue } from './read-resource.ts';
import { enterpriseAttributes, enterpriseSchema, type ResourceType } from './schemas.ts';
import { badRequest } from './scim-error.ts';
import { foldText } from './search-form.ts';

/**
 * A resource after the steps of a patch (RFC 7644, section 3.5.2), read like one that a client sends whole. Adding a
 * present value and removing an absent one change nothing. `ScimError` when a step is invalid; then no step applies.
 */
export function applyPatch(
  type: ResourceType,
  resource: JsonObject,
  steps: readonly PatchStep[],
): JsonObject {
  return readResource(
    type,
    steps.reduce((before, step) => applyStep(before, step), resource),
  );
}

function applyStep(resource: JsonObject, step: PatchStep): JsonObject {
  const { extension, name } = step.path;
  if (extension === null) return patchAttribute(resource, step);
  const inner = resource[extension];
  const before = isObject(inner) ? inner : {};
  const after = name === null ? patchWhole(before, step) : patchAttribute(before, step);
  return set(resource, extension, Object.keys(after).length === 0 ? undefined : after);
}

/** Patches a whole extension: attributes that the value does not name stay. */
function patchWhole(before: JsonObject, { op, path, value }: PatchStep): JsonObject {
  if (op === 'remove') return {};
  if (!isObject(value)) throw badRequest('invalidValue', 'The value of an extension is an object.');
  return Object.entries(value).reduce((sofar, [key, each]) => {
    const known =
      path.extension === enterpriseSchema ? attributeNamed(enterpriseAttributes, key) : undefined;
    const at = { ...path, name: known?.name ?? key, attribute: known ?? null };
    return patchAttribute(sofar, { op, path: at, value: each });
  }, before);
}

function patchAttribute(container: JsonObject, step: PatchStep): JsonObject {
  const { op, path, value } = step;
  const { attribute, sub } = path;
  const name = path.name ?? '';
  const before = container[name];
  if (attribute === null) {
    if (sub !== null) throw badRequest('invalidPath', 'No schema has such an attribute.');
    return set(container, name, op === 'remove' ? undefined : value);
  }
  if (attribute.multiValued) {
    const values = Array.isArray(before) ? before.filter(isObject) : [];
    const after = patchList(attribute, values, step);
    return set(container, name, after.length === 0 ? undefined : after);
  }
  if (sub === null) return set(container, name, patchSingle(attribute, before, step));
  const inner = mustHave(attribute, sub);
  const read = op === 'remove' ? undefined : readValue(inner, value);
  const after = set(isObject(before) ? before : {}, inner.name, read);
  return set(container, name, Object.keys(after).length === 0 ? undefined : after);
}

/** A complex value keeps the sub-attributes that the new one does not name. */
function patchSingle(attribute: Attribute, before: unknown, { op, value }: PatchStep): unknown {
  if (op === 'remove') return undefined;
  const read = readValue(attribute, value);
  if (attribute.type !== 'complex' || !isObject(read) || !isObject(before)) return read;
  const blanked = isObject(value)
    ? Object.keys(value).flatMap((key) => attributeNamed(attribute.subAttributes ?? [], key) ?? [])
    : [];
  const kept = Object.entries(before).filter(([key]) => !blanked.some((each) => each.name === key));
  return { ...Object.fromEntries(kept), ...read };
}

function patchList(
  attribute: Attribute,
  values: readonly JsonObject[],
  { op, path: { filter, sub }, value }: PatchStep,
): readonly JsonObject[] {
  if (filter === null && sub === null) {
    if (op === 'remove') return removeValues(attribute, values, value);
    const given = readObjects(attribute, value);
    return op === 'replace' ? given : given.reduce(addValue, values);
  }
  const attributes = attribute.subAttributes ?? [];
  const fits = (each: JsonObject): boolean =>
    filter === null || matchesFilter(filter, each, attributes);
  if (op === 'remove') {
    if (sub === null) return values.filter((each) => !fits(each));
    return values
      .map((each) => (fits(each) ? set(each, sub, undefined) : each))
      .filter((each) => Object.keys(each).length > 0);
  }
  const change = changeOf(attribute, sub, value);
  if (values.some(fits)) {
    const others = change['primary'] === true ? values.map(clearPrimary) : values;
    return others.map((each, at) =>
      fits(values[at] as JsonObject) ? { ...each, ...change } : each,
    );
  }
  // No value matches: one that meets the filter is added (RFC 7644, section 3.5.2.3), if the filter describes one.
  return [...values, { ...valueMeeting(filter, attributes), ...change }];
}

function changeOf(attribute: Attribute, sub: string | null, value: unknown): JsonObject {
  if (sub !== null) {
    const inner = mustHave(attribute, sub);
    return { [inner.name]: readValue(inner, value) };
  }
  const read = readSingle(attribute, Array.isArray(value) && value.length === 1 ? value[0] : value);
  if (!isObject(read)) throw badRequest('invalidValue', `A value of ${attribute.name} is needed.`);
  return read;
}

function valueMeeting(filter: Filter | null, attributes: readonly Attribute[]): JsonObject {
  if (filter === null) return {};
  const parts = filter.op === 'and' ? filter.filters : [filter];
  const entries = parts.map((part): [string, unknown] => {
    const attribute = part.op === 'eq' ? attributeNamed(attributes, part.attrPath) : undefined;
    if (part.op !== 'eq' || attribute === undefined) {
      throw badRequest('noTarget', 'No value of the list fits the filter.');
    }
    return [attribute.name, readSingle(attribute, part.compValue)];
  });
  return Object.fromEntries(entries);
}

/** Merges a present entry with the added one, or appends it; when it is primary, the others no longer are. */
function addValue(values: readonly JsonObject[], added: JsonObject): readonly JsonObject[] {
  const others = added['primary'] === true ? values.map(clearPrimary) : values;
  const at = others.findIndex((each) => isSame(each, added));
  if (at === -1) return [...others, added];
  return others.map((each, index) => (index === at ? { ...each, ...added } : each));
}

function clearPrimary(value: JsonObject): JsonObject {
  return value['primary'] === true ? { ...value, primary: false } : value;
}

/** Entries are the same with one value and no differing types; without a value, only when all of it is the same. */
function isSame(a: JsonObject, b: JsonObject): boolean {
  if (a['value'] === undefined || b['value'] === undefined) {
    return JSON.stringify(a) === JSON.stringify(b);
  }
  const typesFit = a['type'] === undefined || b['type'] === undefined || a['type'] === b['type'];
  return a['value'] === b['value'] && typesFit;
}

/** Without given values all entries are removed; otherwise those that have all given sub-attributes. */
function removeValues(
  attribute: Attribute,
  values: readonly JsonObject[],
  value: unknown,
): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  const given = readObjects(attribute, value);
  const isNamed = (each: JsonObject): boolean =>
    given.some((named) => Object.entries(named).every(([key, wanted]) => same(each[key], wanted)));
  return values.filter((each) => !isNamed(each));
}

function readObjects(attribute: Attribute, value: unknown): readonly JsonObject[] {
  return ((readValue(attribute, value) ?? []) as unknown[]).filter(isObject);
}

function same(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' ? foldText(a) === foldText(b) : a === b;
}

function mustHave(attribute: Attribute, sub: string): Attribute {
  const inner = attributeNamed(attribute.subAttributes ?? [], sub);
  if (inner !== undefined) return inner;
  throw badRequest('invalidPath', `${attribute.name} has no attribute of this name.`);
}

/** A copy with one attribute set, or removed. */
function set(container: JsonObject, name: string, value: unknown): JsonObject {
  const others = Object.entries(container).filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}
