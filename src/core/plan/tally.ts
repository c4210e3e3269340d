import type { Counts } from '../model/run.ts';
import type { Category } from './plan-user.ts';

/** Counts the listed users while they are planned. */
export class ListingTally {
  readonly #counts: Record<Category | 'unchanged', number> = {
    inScope: 0,
    outOfScope: 0,
    skipped: 0,
    problem: 0,
    unchanged: 0,
  };

  /** Counts a person once. `unchanged`: in scope, with nothing to write. */
  add(category: Category, unchanged: boolean): void {
    this.#counts[category] += 1;
    if (unchanged) this.#counts.unchanged += 1;
  }

  /** Moves a user to another category, after its full record was read. */
  move(from: Category, to: Category, unchanged: boolean): void {
    this.#counts[from] -= 1;
    this.add(to, unchanged);
  }

  /** A user that was counted as unchanged is changed after all. */
  changeUnchanged(): void {
    this.#counts.unchanged -= 1;
  }

  get counts(): Pick<Counts, Category | 'unchanged' | 'listed'> {
    const { inScope, outOfScope, skipped, problem } = this.#counts;
    return { ...this.#counts, listed: inScope + outOfScope + skipped + problem };
  }
}
