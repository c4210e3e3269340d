const idBytes = 12;
const fullest = 0.6;
const idsPerChunk = 1024;

/**
 * A set of source ids that costs 12 bytes an id when they are added in ascending order, and 20 to 40 otherwise,
 * instead of the 100 and more of a `Set<string>`, since ids are all that a run may hold of a whole directory. This
 * applies to ids of 24 hex digits, as JumpCloud's; any others go into an ordinary set.
 */
export class IdSet {
  readonly #ascending = new AscendingIds();
  /** The ids that were added after a greater one. */
  readonly #table = new IdTable();
  readonly #others = new Set<string>();

  /** How many ids are in it. */
  get size(): number {
    return this.#ascending.size + this.#table.size + this.#others.size;
  }

  has(id: string): boolean {
    const bytes = pack(id);
    if (bytes === null) return this.#others.has(id);
    return this.#ascending.has(bytes) || this.#table.has(bytes);
  }

  /** True when the id was not in it before. */
  add(id: string): boolean {
    const bytes = pack(id);
    if (bytes === null) {
      if (this.#others.has(id)) return false;
      this.#others.add(id);
      return true;
    }
    if (this.#ascending.append(bytes)) return true;
    return !this.#ascending.has(bytes) && this.#table.add(bytes);
  }

  /** The ids, in no order that counts. */
  *[Symbol.iterator](): Generator<string> {
    yield* this.#ascending.ids();
    yield* this.#table.ids();
    yield* this.#others;
  }
}

/** Packed ids, each greater than the one before. */
class AscendingIds {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** False, with nothing changed, when the id is not greater than the last one. */
  append(bytes: Uint8Array): boolean {
    if (this.#size > 0 && this.#compare(this.#size - 1, bytes) >= 0) return false;
    const at = this.#size % idsPerChunk;
    if (at === 0) this.#chunks.push(new Uint8Array(idsPerChunk * idBytes));
    this.#chunks.at(-1)?.set(bytes, at * idBytes);
    this.#size += 1;
    return true;
  }

  has(bytes: Uint8Array): boolean {
    let from = 0;
    let to = this.#size;
    while (from < to) {
      const middle = (from + to) >> 1;
      const order = this.#compare(middle, bytes);
      if (order === 0) return true;
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    return false;
  }

  *ids(): Generator<string> {
    for (let index = 0; index < this.#size; index += 1) {
      const chunk = this.#chunks[Math.floor(index / idsPerChunk)];
      if (chunk !== undefined) yield unpack(chunk, (index % idsPerChunk) * idBytes);
    }
  }

  /** Negative when the id at `index` is less than the one given. */
  #compare(index: number, bytes: Uint8Array): number {
    const chunk = this.#chunks[Math.floor(index / idsPerChunk)] ?? bytes;
    const at = (index % idsPerChunk) * idBytes;
    for (let i = 0; i < idBytes; i += 1) {
      const difference = (chunk[at + i] ?? 0) - (bytes[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** Packed ids in an open-addressing table. */
class IdTable {
  #table = new Uint8Array(1024 * idBytes);
  #slots = 1024;
  #packed = 0;
  /** Zeros mark an empty slot. */
  #hasZero = false;

  get size(): number {
    return this.#packed + (this.#hasZero ? 1 : 0);
  }

  has(bytes: Uint8Array): boolean {
    if (isZero(bytes, 0)) return this.#hasZero;
    return !isZero(this.#table, this.#find(bytes) * idBytes);
  }

  add(bytes: Uint8Array): boolean {
    if (isZero(bytes, 0)) {
      const isNew = !this.#hasZero;
      this.#hasZero = true;
      return isNew;
    }
    const at = this.#find(bytes) * idBytes;
    if (!isZero(this.#table, at)) return false;
    this.#table.set(bytes, at);
    this.#packed += 1;
    if (this.#packed > this.#slots * fullest) this.#grow();
    return true;
  }

  *ids(): Generator<string> {
    if (this.#hasZero) yield '0'.repeat(2 * idBytes);
    for (let at = 0; at < this.#table.length; at += idBytes) {
      if (!isZero(this.#table, at)) yield unpack(this.#table, at);
    }
  }

  /** The slot that holds these bytes, or the empty one where they belong. */
  #find(bytes: Uint8Array): number {
    let slot = hash(bytes) & (this.#slots - 1);
    for (;;) {
      const at = slot * idBytes;
      if (isZero(this.#table, at) || isEqual(this.#table, at, bytes)) return slot;
      slot = (slot + 1) & (this.#slots - 1);
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#slots *= 2;
    this.#table = new Uint8Array(this.#slots * idBytes);
    for (let at = 0; at < old.length; at += idBytes) {
      if (isZero(old, at)) continue;
      const bytes = old.subarray(at, at + idBytes);
      this.#table.set(bytes, this.#find(bytes) * idBytes);
    }
  }
}

/** Where an id is packed until it is looked up: one at a time. */
const packed = new Uint8Array(idBytes);

function pack(id: string): Uint8Array | null {
  if (id.length !== 2 * idBytes) return null;
  for (let i = 0; i < idBytes; i += 1) {
    const high = hexDigit(id.charCodeAt(2 * i));
    const low = hexDigit(id.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return null;
    packed[i] = 16 * high + low;
  }
  return packed;
}

/** In Node.js and in browsers alike. */
function unpack(table: Uint8Array, at: number): string {
  let id = '';
  for (let i = at; i < at + idBytes; i += 1) id += (table[i] ?? 0).toString(16).padStart(2, '0');
  return id;
}

/** -1 for every other character, capitals included: they belong to another id. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + idBytes; i += 1) if (bytes[i] !== 0) return false;
  return true;
}

function isEqual(table: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < idBytes; i += 1) if (table[at + i] !== bytes[i]) return false;
  return true;
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
