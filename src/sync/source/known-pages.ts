import { createHash } from 'node:crypto';
import type { KnownPage, KnownUser, ReadPage } from '../../core/model/known-page.ts';
import type { PageRecall } from '../../ports/directory.ts';
import type { PageStore } from '../../ports/pages.ts';

/** Pages to be read, or written, together. */
const batchSize = 50;

/**
 * What earlier runs found on the pages of a listing, for one walk from its beginning to its end. A page whose bytes
 * are the same, and whose users are read by the same rules, is neither parsed nor judged again; what is known of it is
 * a function of the two, and of nothing that any run writes.
 */
export class KnownPages implements PageRecall {
  readonly #pages: PageStore;
  readonly #storeId: string;
  /** All that decides what becomes of a user besides the user. */
  readonly #rules: string;
  readonly #ahead = new Map<number, KnownPage>();
  #readTo = -1;
  #reading: Promise<void> = Promise.resolve();
  readonly #learnt: KnownPage[] = [];
  #writing: Promise<void> = Promise.resolve();
  #lastSkip = -1;

  constructor(parts: {
    readonly pages: PageStore;
    readonly storeId: string;
    readonly rules: string;
  }) {
    this.#pages = parts.pages;
    this.#storeId = parts.storeId;
    this.#rules = parts.rules;
  }

  hashOf(parts: readonly Uint8Array[]): string {
    const hash = createHash('sha256').update(this.#rules);
    for (const part of parts) hash.update(part);
    return hash.digest('base64');
  }

  /** The page that began there. Asked for in ascending order; what lies behind is forgotten. */
  async at(skip: number): Promise<KnownPage | null> {
    this.#lastSkip = Math.max(this.#lastSkip, skip);
    this.#reading = this.#reading.then(() => this.#readUpTo(skip));
    await this.#reading;
    const page = this.#ahead.get(skip) ?? null;
    this.#ahead.delete(skip);
    return page;
  }

  /** Learns what became of the users of a page; a page with somebody of whom that isn't told is left alone. */
  async learn(page: ReadPage, found: ReadonlyMap<string, KnownUser>): Promise<void> {
    const users = page.ids.map(
      (id, index) => found.get(id) ?? (index === 0 ? sharedRow(id) : null),
    );
    if (users.some((user) => user === null)) return;
    const { skip, hash } = page;
    this.#learnt.push({ skip, hash, users: users.filter((user) => user !== null) });
    if (this.#learnt.length >= batchSize) await this.#write();
  }

  /** Keeps what was learnt. `isWhole`: the listing ended, so no page lies behind the last one. */
  async end({ isWhole }: { readonly isWhole: boolean }): Promise<void> {
    if (this.#learnt.length > 0) await this.#write();
    await this.#writing;
    if (isWhole) await this.#pages.removeFrom(this.#storeId, this.#lastSkip + 1);
  }

  /** Waits for what is on its way, however that ends. */
  async settle(): Promise<void> {
    await Promise.allSettled([this.#writing]);
  }

  async #readUpTo(skip: number): Promise<void> {
    if (skip <= this.#readTo) return;
    const found = await this.#pages.from(this.#storeId, skip, batchSize);
    for (const page of found) this.#ahead.set(page.skip, page);
    this.#readTo = found.length < batchSize ? Infinity : (found.at(-1)?.skip ?? Infinity);
  }

  /** Returns while that batch is on its way, as soon as the one before has arrived. */
  async #write(): Promise<void> {
    await this.#writing;
    this.#writing = this.#pages.put(this.#storeId, this.#learnt.splice(0));
    this.#writing.catch(() => undefined);
  }
}

/** A page begins with the row that the one before ended with, and is asked nothing about it. */
function sharedRow(externalId: string): KnownUser {
  return { externalId, fingerprint: null, idleAs: null };
}
