const idBytes = 12;
const fullest = 0.6;

/**
 * A set of source ids that costs 20 to 40 bytes an id instead of the 100 and more of a `Set<string>`,
 * since ids are all that a run may hold of a whole directory. Ids of 24 hex digits, as JumpCloud's, are kept packed in an
 * open-addressing table; any others in an ordinary set.
 */
export class IdSet {
  #table = new Uint8Array(1024 * idBytes);
  #slots = 1024;
  #packed = 0;
  #hasZero = false;
  readonly #others = new Set<string>();

  /** How many ids are in it. */
  get size(): number {
    return this.#packed + (this.#hasZero ? 1 : 0) + this.#others.size;
  }

  has(id: string): boolean {
    const bytes = pack(id);
    if (bytes === null) return this.#others.has(id);
    if (isZero(bytes, 0)) return this.#hasZero;
    return !isZero(this.#table, this.#find(bytes) * idBytes);
  }

  /** True when the id was not in it before. */
  add(id: string): boolean {
    const bytes = pack(id);
    if (bytes === null) {
      if (this.#others.has(id)) return false;
      this.#others.add(id);
      return true;
    }
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

/** -1 for what is none, capitals included: they are another id. */
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
