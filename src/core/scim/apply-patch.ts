import { isObject, type JsonObject } from '../model/source-user.ts';
import { type Attribute, attributeNamed } from './attribute.ts';
import type { Filter } from './parse-filter.ts';
import type { PatchStep } from './read-patch.ts';
import { readResource, readSingle, readValue } from './read-resource.ts';
import { enterpriseAttributes, enterpriseSchema, type ResourceType } from './schemas.ts';
import { badRequest } from './scim-error.ts';
import { PatchBudget, ValueList } from './value-list.ts';

/** A resource or extension that is being changed: in place, so that many steps take linear time. */
type Draft = Map<string, unknown>;

/**
 * A resource after the steps of a patch (RFC 7644, section 3.5.2), read like one that a client sends whole. Adding a
 * present value and removing an absent one change nothing, and so does a blank `active`. `ScimError` when a step is
 * invalid; then no step applies.
 */
export function applyPatch(
  type: ResourceType,
  resource: JsonObject,
  steps: readonly PatchStep[],
): JsonObject {
  const draft: Draft = new Map(Object.entries(resource));
  const budget = new PatchBudget();
  for (const step of steps) applyStep(draft, step, budget);
  return readResource(type, finish(draft));
}

/** Lists and extensions that have become empty are left out. */
function finish(draft: Draft): JsonObject {
  const entries = [...draft].flatMap(([name, value]): [string, unknown][] => {
    if (value instanceof Map) return value.size === 0 ? [] : [[name, finish(value as Draft)]];
    return [[name, value instanceof ValueList ? value.all() : value]];
  });
  return Object.fromEntries(entries);
}

function applyStep(draft: Draft, step: PatchStep, budget: PatchBudget): void {
  const { extension, name } = step.path;
  if (extension === null) {
    patchAttribute(draft, step, budget);
    return;
  }
  const before = draft.get(extension);
  const inner: Draft =
    before instanceof Map ? before : new Map(isObject(before) ? Object.entries(before) : []);
  draft.set(extension, inner);
  if (name === null) patchWhole(inner, step, budget);
  else patchAttribute(inner, step, budget);
}

/** Patches a whole extension: attributes that the value does not name stay. */
function patchWhole(draft: Draft, { op, path, value }: PatchStep, budget: PatchBudget): void {
  if (op === 'remove') {
    draft.clear();
    return;
  }
  if (!isObject(value)) throw badRequest('invalidValue', 'The value of an extension is an object.');
  for (const [key, each] of Object.entries(value)) {
    const known =
      path.extension === enterpriseSchema ? attributeNamed(enterpriseAttributes, key) : undefined;
    const at = { ...path, name: known?.name ?? key, attribute: known ?? null };
    patchAttribute(draft, { op, path: at, value: each }, budget);
  }
}

function patchAttribute(draft: Draft, step: PatchStep, budget: PatchBudget): void {
  const { op, path, value } = step;
  const { attribute, sub } = path;
  const name = path.name ?? '';
  const before = draft.get(name);
  if (attribute === null) {
    if (sub !== null) throw badRequest('invalidPath', 'No schema has such an attribute.');
    set(draft, name, op === 'remove' ? undefined : value);
  } else if (attribute.multiValued) {
    const present = Array.isArray(before) ? before.filter(isObject) : [];
    const list =
      before instanceof ValueList
        ? before
        : new ValueList(attribute.subAttributes ?? [], present, budget);
    draft.set(name, list);
    if (value !== undefined) budget.spendOnValues(value);
    patchList(attribute, list, step);
  } else if (sub === null) {
    const next = patchSingle(attribute, before, step);
    if (next === undefined && attribute.required) {
      throw badRequest('mutability', `${name} is required.`);
    }
    // Whether a user may sign in is never left open: what says nothing of it changes nothing.
    if (next !== undefined || name !== 'active') set(draft, name, next);
  } else {
    const inner = mustHave(attribute, sub);
    const parts: Draft = new Map(isObject(before) ? Object.entries(before) : []);
    set(parts, inner.name, op === 'remove' ? undefined : readValue(inner, value));
    set(draft, name, parts.size === 0 ? undefined : Object.fromEntries(parts));
  }
}

/** A complex value keeps the sub-attributes that the new one does not name. */
function patchSingle(attribute: Attribute, before: unknown, { op, value }: PatchStep): unknown {
  if (op === 'remove') return undefined;
  const read = readValue(attribute, value);
  if (attribute.type !== 'complex' || !isObject(value) || !isObject(before)) return read;
  const named = Object.keys(value).map(
    (key) => attributeNamed(attribute.subAttributes ?? [], key)?.name,
  );
  const kept = Object.entries(before).filter(([key]) => !named.includes(key));
  const next = { ...Object.fromEntries(kept), ...(isObject(read) ? read : {}) };
  return Object.keys(next).length === 0 ? undefined : next;
}

function patchList(
  attribute: Attribute,
  list: ValueList,
  { op, path: { filter, sub }, value }: PatchStep,
): void {
  if (filter === null && sub === null) {
    patchWholeList(attribute, list, { op, value });
    return;
  }
  const places = list.find(filter);
  if (op === 'remove') {
    for (const place of places) list.remove(place, sub);
    return;
  }
  const change = changeOf(attribute, sub, value);
  if (places.length > 0) {
    if (change['primary'] === true) list.clearPrimary();
    for (const place of places) list.change(place, change);
    return;
  }
  // No value matches: one that meets the filter is added (RFC 7644, section 3.5.2.3), if the filter describes one.
  list.append({ ...valueMeeting(filter, attribute.subAttributes ?? []), ...change });
}

function patchWholeList(
  attribute: Attribute,
  list: ValueList,
  { op, value }: Pick<PatchStep, 'op' | 'value'>,
): void {
  if (op === 'remove' && (value === undefined || value === null)) {
    list.replaceAll([]);
    return;
  }
  const given = ((readValue(attribute, value) ?? []) as unknown[]).filter(isObject);
  if (op === 'replace') list.replaceAll(given);
  // Without given values all were removed; otherwise those that have all given sub-attributes are.
  else if (op === 'add') for (const each of given) list.add(each);
  else for (const each of given) list.removeLike(each);
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

function mustHave(attribute: Attribute, sub: string): Attribute {
  const inner = attributeNamed(attribute.subAttributes ?? [], sub);
  if (inner !== undefined) return inner;
  throw badRequest('invalidPath', `${attribute.name} has no attribute of this name.`);
}

function set(draft: Draft, name: string, value: unknown): void {
  if (value === undefined) draft.delete(name);
  else draft.set(name, value);
}
