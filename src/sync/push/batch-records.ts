import type { SyncRecord } from '../../core/model/record.ts';
import type { RecordStore } from '../../ports/records.ts';

type RecordMethods = Pick<
  RecordStore,
  'contestedClaims' | 'claimsPage' | 'byIds' | 'replaceMany' | 'insertMany' | 'page'
>;

/**
 * The records of one batch of pushes before they are stored: email claims and brakes work on them as on the records
 * of a run, without a round trip each.
 */
export class BatchRecords implements RecordMethods {
  readonly #byId: Map<string, SyncRecord>;
  constructor(records: readonly SyncRecord[]) {
    this.#byId = new Map(records.map((record) => [record.id, record]));
  }

  get all(): readonly SyncRecord[] {
    return [...this.#byId.values()];
  }
  async insertMany(records: readonly SyncRecord[]): Promise<void> {
    for (const record of records) {
      if (!this.#byId.has(record.id)) this.#byId.set(record.id, record);
    }
  }
  async replaceMany(records: readonly SyncRecord[]): Promise<void> {
    for (const record of records) this.#byId.set(record.id, record);
  }
  async byIds(ids: readonly string[]): Promise<readonly SyncRecord[]> {
    return ids.flatMap((id) => this.#byId.get(id) ?? []);
  }
  async page({
    statuses,
    only,
    afterSeq = -1,
    limit,
  }: Parameters<RecordStore['page']>[0]): Promise<readonly SyncRecord[]> {
    return this.all
      .filter(({ seq, status }) => seq > afterSeq && (statuses?.includes(status) ?? true))
      .filter((record) => only !== 'moves' || movesAddress(record))
      .slice(0, limit);
  }
  async claimsPage({
    claims,
    ...filter
  }: Parameters<RecordStore['claimsPage']>[0]): Promise<readonly SyncRecord[]> {
    const planned = await this.page({ ...filter, statuses: ['planned'], limit: this.#byId.size });
    return planned
      .filter(({ claim }) => claim !== null && (claims?.includes(claim) ?? true))
      .slice(0, filter.limit);
  }
  async contestedClaims(): ReturnType<RecordStore['contestedClaims']> {
    const claimants = new Map<string, string[]>();
    for (const { claim, status, externalId } of this.all) {
      if (claim === null || status !== 'planned') continue;
      claimants.set(claim, [...(claimants.get(claim) ?? []), externalId ?? '']);
    }
    return [...claimants]
      .filter(([, people]) => people.length > 1)
      .map(([claim, people]) => ({ claim, winner: people.toSorted()[0] ?? '' }));
  }
}

/** Whether the record may release its member's e-mail address: what `page` means by `moves`. */
function movesAddress({ fromRevision, claim, action, changes }: SyncRecord): boolean {
  const gives = claim !== null || action === 'delete';
  return fromRevision !== null && (gives || changes.some(({ field }) => field === 'emailKey'));
}
