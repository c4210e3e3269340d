import { IdSet } from '../../../core/id-set.ts';
import type { RecordStatus, SyncRecord } from '../../../core/model/record.ts';
import { memberFrom } from '../../../core/plan/apply-record.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import type { MemberStore } from '../../../ports/members.ts';
import type { RecordStore } from '../../../ports/records.ts';
import { recordPagesOf } from '../records/read-records.ts';
import type { Created } from '../run-context.ts';

const batchSize = 500;
const mostBatches = 3;

interface Writing {
  readonly storeId: string;
  readonly members: Pick<MemberStore, 'insertMany'>;
  readonly records: Pick<RecordStore, 'insertMany' | 'fail'>;
  readonly takeSeq: () => number;
  readonly now: () => Date;
  readonly checkpoint: () => void;
}

/**
 * Keeps what a listing plans while it goes on, and creates at once whoever no limit could hold and nobody could be in
 * the way of. Such a record is stored as `applied` before its member: one write less for each, and what a crash
 * leaves between the two is forgotten when the run is taken up again or ends (`forgetUnwritten`).
 */
export class ListingWriter {
  readonly #writing: Writing;
  readonly #underWay = new Set<Promise<void>>();
  /** Address keys of members on their way: not yet to be found in the store. */
  readonly #arriving = new Set<string>();
  /** Address keys claimed by records that wait for the whole plan. */
  readonly #waiting = new IdSet();
  #buffer: SyncRecord[] = [];
  #failure: { readonly error: unknown } | null = null;
  #active = 0;

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  /** How many active members were created. */
  get active(): number {
    return this.#active;
  }

  /** Which of these address keys belong to members on their way. To be asked before the store is. */
  arriving(keys: readonly string[]): ReadonlySet<string> {
    return new Set(keys.filter((key) => this.#arriving.has(key)));
  }

  /** Keeps a draft for later; a create whose address nobody has or claims is carried out. */
  add(
    draft: Draft,
    { isFree, fingerprint }: { readonly isFree: boolean; readonly fingerprint: string | null },
  ): SyncRecord {
    const { claim } = draft;
    const isEarly =
      isFree && claim !== null && !this.#arriving.has(claim) && !this.#waiting.has(claim);
    if (isEarly) this.#arriving.add(claim);
    else if (claim !== null) this.#waiting.add(claim);
    const record: SyncRecord = {
      ...draft,
      fingerprint,
      status: isEarly ? 'applied' : draft.status,
      seq: this.#writing.takeSeq(),
    };
    this.#buffer.push(record);
    return record;
  }

  /** Writes what has come together, once that is worth a batch; waits while too many are under way. */
  async flush(): Promise<void> {
    if (this.#buffer.length >= batchSize) await this.#send();
  }

  /** Writes all, and waits until it stands. */
  async end(): Promise<void> {
    if (this.#buffer.length > 0) await this.#send();
    await this.awaitPending();
    this.#throwFailure();
  }

  /** Waits for what is under way, however that ends. */
  async awaitPending(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #send(): Promise<void> {
    while (this.#underWay.size >= mostBatches) await Promise.race(this.#underWay);
    this.#throwFailure();
    this.#writing.checkpoint();
    const batch = this.#buffer;
    this.#buffer = [];
    const work = this.#write(batch)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #write(batch: readonly SyncRecord[]): Promise<void> {
    const { records } = this.#writing;
    await records.insertMany(batch);
    const creates = batch.filter(({ status }) => status === 'applied');
    const created = await createMembers(this.#writing, creates);
    this.#active += created.filter(isActive).length;
    for (const { claim } of creates) this.#arriving.delete(claim ?? '');
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** Answers who was created; whoever can't be after all has a failed record. */
async function createMembers(
  { storeId, members, records, now }: Writing,
  creates: readonly SyncRecord[],
): Promise<readonly SyncRecord[]> {
  if (creates.length === 0) return [];
  const made = creates.map((record) => memberFrom(record, { storeId, now: now() }));
  const { failed } = await members.insertMany(made);
  if (failed.length === 0) return creates;
  const failures = failed.map(({ recordId: id, error }) => ({ id, error }));
  await records.fail(failures, 'applied');
  const isFailed = new Set(failures.map(({ id }) => id));
  return creates.filter(({ id }) => !isFailed.has(id));
}

interface Looking {
  readonly members: Pick<MemberStore, 'byIds'>;
  readonly records: Pick<RecordStore, 'page' | 'removeMany'>;
}

/**
 * Whom a listing has created that was interrupted: they are as their records say, whatever the next listing has to say
 * of them. Records without a member are forgotten, failed ones too: the next listing plans these people anew.
 */
export async function readCreated(ports: Looking, runId: string): Promise<Created> {
  const externalIds = new IdSet();
  let active = 0;
  let lastSeq = 0;
  for await (const records of forgetUnwritten(ports, { runId, statuses: ['applied', 'failed'] })) {
    for (const record of records) {
      externalIds.add(record.externalId ?? '');
      if (isActive(record)) active += 1;
      lastSeq = record.seq;
    }
  }
  return { externalIds, active, lastSeq };
}

/** Forgets records of creates that a worker stored and did not come to: the run ends, and says what it has done. */
export async function forgetUncreated(ports: Looking, runId: string): Promise<void> {
  const looked = forgetUnwritten(ports, { runId, statuses: ['applied'] });
  for await (const _present of looked);
}

/** Yields the records that stand. */
async function* forgetUnwritten(
  { members, records: store }: Looking,
  { runId, statuses }: { readonly runId: string; readonly statuses: readonly RecordStatus[] },
): AsyncGenerator<readonly SyncRecord[]> {
  for await (const records of recordPagesOf(store, runId, { statuses })) {
    const found = await members.byIds(records.map(({ memberId }) => memberId ?? ''));
    const present = new Set(found.map(({ id }) => id));
    // Of somebody who was erased the empty record stays.
    const stands = ({ memberId, changes }: SyncRecord): boolean =>
      changes.length === 0 || present.has(memberId ?? '');
    const gone = records.filter((record) => !stands(record)).map(({ id }) => id);
    if (gone.length > 0) await store.removeMany(gone, statuses);
    yield records.filter(stands);
  }
}

function isActive({ changes }: SyncRecord): boolean {
  return changes.some(({ field, to }) => field === 'status' && to === 'active');
}
