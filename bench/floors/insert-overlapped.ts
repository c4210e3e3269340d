import type { mongo } from 'mongoose';

const batchSize = 500;
const batchesUnderWay = 2;

type Document<T> = mongo.OptionalUnlessRequiredId<T>;

/**
 * Gathers documents and inserts them in unordered batches, several at a time. Of batches of 250 to 2,000, one to four
 * at a time, these were the fastest (two collections at once, 20,000 users, two cores). Batches wait in memory while
 * the database is behind, so that it never holds up the requests to the directory.
 */
export class OverlappedInserts<T extends mongo.Document> {
  readonly #collection: mongo.Collection<T>;
  readonly #underWay = new Set<Promise<void>>();
  readonly #waiting: Document<T>[][] = [];
  readonly #failures: unknown[] = [];
  #batch: Document<T>[] = [];

  constructor(collection: mongo.Collection<T>) {
    this.#collection = collection;
  }

  add(documents: readonly Document<T>[]): void {
    this.#batch.push(...documents);
    if (this.#batch.length >= batchSize) this.#send();
  }

  /** Sends the rest and waits for all of it. */
  async end(): Promise<void> {
    if (this.#batch.length > 0) this.#send();
    while (this.#underWay.size > 0) await Promise.race(this.#underWay);
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #send(): void {
    this.#waiting.push(this.#batch);
    this.#batch = [];
    this.#insertNext();
  }

  #insertNext(): void {
    if (this.#underWay.size >= batchesUnderWay) return;
    const batch = this.#waiting.shift();
    if (batch === undefined) return;
    const sent = this.#collection
      .insertMany(batch, { ordered: false })
      .then(
        () => undefined,
        (error: unknown) => void this.#failures.push(error),
      )
      .finally(() => {
        this.#underWay.delete(sent);
        this.#insertNext();
      });
    this.#underWay.add(sent);
  }
}
