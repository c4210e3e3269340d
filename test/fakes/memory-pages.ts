import type { KnownPage } from '../../src/core/model/known-page.ts';
import type { PageStore } from '../../src/ports/pages.ts';

/** What is known of pages, in memory. */
export class MemoryPages implements PageStore {
  readonly #all = new Map<string, KnownPage[]>();

  of(storeId: string): readonly KnownPage[] {
    return this.#all.get(storeId) ?? [];
  }
  async from(storeId: string, skip: number, limit: number) {
    return this.of(storeId)
      .filter((page) => page.skip >= skip)
      .slice(0, limit);
  }
  async put(storeId: string, pages: readonly KnownPage[]) {
    const others = this.of(storeId).filter(({ skip }) => pages.every((page) => page.skip !== skip));
    this.#all.set(
      storeId,
      [...others, ...pages].sort((a, b) => a.skip - b.skip),
    );
  }
  async removeFrom(storeId: string, skip: number) {
    this.#all.set(
      storeId,
      this.of(storeId).filter((page) => page.skip < skip),
    );
  }
}
