import { reasonCodeOf, type SyncRecord } from '../../src/core/model/record.ts';
import type { Facet, FacetName, RecordLists, RecordsAsked } from '../../src/ports/record-lists.ts';
import { isChosen, type MemoryRecords } from './memory-records.ts';

const mostValues = 8;

/** The lists of the records in memory. */
export class MemoryRecordLists implements RecordLists {
  readonly #records: MemoryRecords;
  constructor(records: MemoryRecords) {
    this.#records = records;
  }

  async page({ afterSeq, limit, ...asked }: Parameters<RecordLists['page']>[0]) {
    return this.#chosen(asked)
      .filter(({ seq }) => seq > afterSeq)
      .slice(0, limit);
  }
  async total(asked: RecordsAsked, most: number) {
    return Math.min(most, this.#chosen(asked).length);
  }
  async marks(asked: RecordsAsked, every: number) {
    const seqs = this.#chosen(asked).map(({ seq }) => seq);
    const after = seqs.filter((_, index) => (index + 1) % every === 0 && index + 1 < seqs.length);
    return { total: seqs.length, after };
  }
  async facet(asked: RecordsAsked, by: FacetName): Promise<Facet> {
    const counts = new Map<string, number>();
    let blank = 0;
    for (const record of this.#chosen(asked)) {
      const value = by === 'reason' ? reasonCodeOf(record) : record[by];
      if (value === null) blank += 1;
      else counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const values = [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
    const others = values.slice(mostValues).reduce((sum, { count }) => sum + count, 0);
    return { by, values: values.slice(0, mostValues), blank, others };
  }

  #chosen({ runId, statuses, actions, choice }: RecordsAsked): readonly SyncRecord[] {
    return this.#records
      .ofRun(runId)
      .filter((record) => statuses?.includes(record.status) ?? true)
      .filter((record) => actions?.includes(record.action) ?? true)
      .filter((record) => isChosen(record, choice));
  }
}
