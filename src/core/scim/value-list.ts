import type { JsonObject } from '../model/source-user.ts';
import { type Attribute, attributeNamed } from './attribute.ts';
import { checkValueCount } from './limits.ts';
import { comparable, valueTest } from './match-value.ts';
import type { Filter } from './parse-filter.ts';
import { badRequest } from './scim-error.ts';
import { foldText } from './search-form.ts';

/** How much a patch may compare and change, in comparisons of a short text: a few tenths of a second. */
const mostWork = 2_000_000;
const workOfRead = 20;
const workOfChange = 15;
const charactersPerUnit = 32;

/** Counts what a patch compares and changes. */
export class PatchBudget {
  #left = mostWork;

  /** `ScimError` `tooMany` when nothing is left. */
  spend(work: number): void {
    this.#left -= work;
    if (this.#left >= 0) return;
    throw badRequest('tooMany', 'The patch compares too many values. Send it in several parts.');
  }

  /** For values that a client sent and that are about to be read. */
  spendOnValues(given: unknown): void {
    this.spend(workOfRead * (Array.isArray(given) ? given.length : 1));
  }
}

/** The places of values by a text of theirs. */
type Index = Map<string, Set<number>>;

/**
 * The values of a multi-valued attribute while a patch changes them. Values are looked up by the texts they have, so
 * that operations which each concern few values take linear time together; all others are counted in the budget.
 */
export class ValueList {
  readonly #attributes: readonly Attribute[];
  readonly #budget: PatchBudget;
  /** By place, in order. */
  #values = new Map<number, JsonObject>();
  #next = 0;
  /** By the attribute whose texts they hold; null: the JSON of whole values. */
  #indexes = new Map<Attribute | null, Index>();
  readonly #texts = new WeakMap<JsonObject, Map<Attribute | null, string | null>>();

  constructor(
    attributes: readonly Attribute[],
    values: readonly JsonObject[],
    budget: PatchBudget,
  ) {
    this.#attributes = attributes;
    this.#budget = budget;
    this.replaceAll(values);
  }

  all(): readonly JsonObject[] {
    return [...this.#values.values()];
  }

  replaceAll(values: readonly JsonObject[]): void {
    checkValueCount(values.length);
    this.#values = new Map(values.entries());
    this.#next = values.length;
    this.#indexes = new Map();
  }

  /** Merges the present value with the added one, or appends it; when it is primary, the others no longer are. */
  add(added: JsonObject): void {
    const same = this.#placeOfSame(added);
    if (added['primary'] === true) this.clearPrimary();
    const place = same ?? this.#next++;
    this.#put(place, { ...this.#values.get(place), ...added });
  }

  append(added: JsonObject): void {
    this.#put(this.#next++, added);
  }

  /** The places of the values that match, in order; null: of all. `ScimError` `invalidFilter`. */
  find(filter: Filter | null): readonly number[] {
    if (filter === null) return [...this.#values.keys()];
    const test = valueTest(filter, this.#attributes, (value, attribute, weight) =>
      this.#textOf(value, attribute, weight),
    );
    return this.#candidates(filter).filter((place) => {
      this.#budget.spend(1);
      return test(this.#values.get(place) ?? {});
    });
  }

  change(place: number, change: JsonObject): void {
    this.#put(place, { ...this.#values.get(place), ...change });
  }

  /** Removes a sub-attribute, or the whole value when `sub` is null or nothing else is left. */
  remove(place: number, sub: string | null): void {
    const rest = Object.entries(this.#values.get(place) ?? {}).filter(([key]) => key !== sub);
    this.#put(place, sub === null || rest.length === 0 ? null : Object.fromEntries(rest));
  }

  /** Removes the values that have all sub-attributes of this one. */
  removeLike(named: JsonObject): void {
    const [first, ...others] = Object.entries(named);
    if (first === undefined) return;
    const key = 'value' in named ? 'value' : first[0];
    const attribute = attributeNamed(this.#attributes, key);
    const text = attribute === undefined ? null : comparable(attribute, named[key]);
    const places = attribute === undefined || text === null ? [] : this.#having(attribute, text);
    for (const place of places) {
      const value = this.#values.get(place) ?? {};
      this.#budget.spend(1);
      if ([first, ...others].every(([name, wanted]) => isSame(value[name], wanted))) {
        this.#put(place, null);
      }
    }
  }

  clearPrimary(): void {
    const primary = attributeNamed(this.#attributes, 'primary');
    const places = primary === undefined ? [] : this.#having(primary, 'true');
    for (const place of places) this.change(place, { primary: false });
  }

  /** Values are the same with one `value` and no differing types; without it, only when all of them is the same. */
  #placeOfSame(added: JsonObject): number | null {
    const attribute = attributeNamed(this.#attributes, 'value');
    const text = attribute === undefined ? null : comparable(attribute, added['value']);
    let found: number | null = null;
    const places =
      attribute === undefined || text === null
        ? this.#having(null, JSON.stringify(added))
        : this.#having(attribute, text);
    for (const place of places) {
      const value = this.#values.get(place) ?? {};
      this.#budget.spend(1);
      const typesFit =
        value['type'] === undefined ||
        added['type'] === undefined ||
        value['type'] === added['type'];
      const fits = text === null || (value['value'] === added['value'] && typesFit);
      if (fits && (found === null || place < found)) found = place;
    }
    return found;
  }

  /** The places that may match, in order: where the filter asks for a text, only those that have it. */
  #candidates(filter: Filter): readonly number[] {
    let fewest: ReadonlySet<number> | null = null;
    for (const part of filter.op === 'and' ? filter.filters : [filter]) {
      const attribute =
        part.op === 'eq' ? attributeNamed(this.#attributes, part.attrPath) : undefined;
      if (part.op !== 'eq' || attribute === undefined || attribute.type === 'boolean') continue;
      const text = comparable(attribute, part.compValue);
      const places = text === null ? null : this.#having(attribute, text);
      if (places !== null && (fewest === null || places.size < fewest.size)) fewest = places;
    }
    return fewest === null ? [...this.#values.keys()] : [...fewest].toSorted((a, b) => a - b);
  }

  #having(attribute: Attribute | null, text: string): ReadonlySet<number> {
    let index = this.#indexes.get(attribute);
    if (index === undefined) {
      index = new Map();
      this.#indexes.set(attribute, index);
      for (const [place, value] of this.#values) this.#enter(index, place, value, attribute);
    }
    return index.get(text) ?? new Set();
  }

  #enter(index: Index, place: number, value: JsonObject, attribute: Attribute | null): void {
    const text = this.#textOf(value, attribute);
    if (text === null) return;
    const places = index.get(text);
    if (places === undefined) index.set(text, new Set([place]));
    else places.add(place);
  }

  /** Null removes the value. */
  #put(place: number, next: JsonObject | null): void {
    this.#budget.spend(workOfChange);
    const before = this.#values.get(place);
    for (const [attribute, index] of this.#indexes) {
      if (attribute !== null && before?.[attribute.name] === next?.[attribute.name]) continue;
      const text = before === undefined ? null : this.#textOf(before, attribute);
      if (text !== null) index.get(text)?.delete(place);
      if (next !== null) this.#enter(index, place, next, attribute);
    }
    if (next === null) this.#values.delete(place);
    else this.#values.set(place, next);
    checkValueCount(this.#values.size);
  }

  #textOf(value: JsonObject, attribute: Attribute | null, weight = 1): string | null {
    let texts = this.#texts.get(value);
    if (texts === undefined) {
      texts = new Map();
      this.#texts.set(value, texts);
    }
    let text = texts.get(attribute);
    if (text === undefined) {
      const missing = attribute?.type === 'boolean' ? false : null;
      text =
        attribute === null
          ? JSON.stringify(value)
          : comparable(attribute, value[attribute.name] ?? missing);
      texts.set(attribute, text);
    }
    this.#budget.spend(1 + ((text?.length ?? 0) / charactersPerUnit) * weight);
    return text;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' ? foldText(a) === foldText(b) : a === b;
}
