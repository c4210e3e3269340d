import { groupReferences } from '../../../core/criteria/criteria.ts';
import { IdSet } from '../../../core/id-set.ts';
import type { RecordStatus, SyncRecord } from '../../../core/model/record.ts';
import type { Run } from '../../../core/model/run.ts';
import { memberFrom } from '../../../core/plan/apply-record.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import { type NotePorts, type NoteWritten, openNotes } from '../../../notify/mail/note-written.ts';
import type { MemberStore } from '../../../ports/members.ts';
import type { RecordStore } from '../../../ports/records.ts';
import { recordPagesOf } from '../records/read-records.ts';
import type { Planning, SyncPorts } from '../run-ports.ts';
import type { ListedDraft, RecordWriter } from './record-writer.ts';

const batchSize = 500;
const mostBatches = 3;

interface Writing {
  readonly storeId: string;
  readonly members: Pick<MemberStore, 'insertMany' | 'byIds'>;
  readonly records: Pick<RecordStore, 'insertMany' | 'fail' | 'page' | 'removeMany'>;
  readonly now: () => Date;
  readonly note: NoteWritten;
  /** Whether members may be created while the source is listed. */
  readonly mayCreate: boolean;
}

/**
 * Opens the writer of a run's listing. It creates members early only in a full run whose criteria name no group: a
 * preview writes no member, and only the end of the listing shows that a group list was cut off. An interrupted
 * listing continues with the members that it created.
 */
export async function openRecordWriter(
  ports: Pick<SyncPorts, 'members' | 'records'> & NotePorts,
  { run, store, found }: Pick<Planning, 'run' | 'store' | 'found'>,
): Promise<RecordWriter> {
  const isResumed = found.status === 'listing';
  const { members, records, clock } = ports;
  const writing = {
    storeId: store.id,
    members,
    records,
    now: () => clock.now(),
    note: openNotes(ports, run),
    mayCreate: run.mode === 'full' && groupReferences(store.config.criteria).length === 0,
  };
  return new EarlyCreates(writing, isResumed ? await readCreated(ports, run) : noneCreated);
}

/**
 * Stores records in batches, and creates a member at once when no brake can hold it and no user can contest its
 * address. Such a record is stored as `applied` before its member, which saves a write for each. A crash between the
 * two leaves a record without a member: it is removed when the run resumes or ends (`removeUnwritten`).
 */
class EarlyCreates implements RecordWriter {
  readonly #writing: Writing;
  readonly #before: Created;
  readonly #underWay = new Set<Promise<void>>();
  /** Address keys of members that are being written: the store does not find them yet. */
  readonly #arriving = new Set<string>();
  /** Address keys claimed by records that wait for the whole plan. */
  readonly #waiting = new IdSet();
  #buffer: SyncRecord[] = [];
  #failure: { readonly error: unknown } | null = null;
  #active: number;
  #seq: number;

  constructor(writing: Writing, before: Created) {
    this.#writing = writing;
    this.#before = before;
    this.#active = before.active;
    this.#seq = before.lastSeq;
  }

  get activeCreated(): number {
    return this.#active;
  }

  hasWritten(externalId: string): boolean {
    return this.#before.externalIds.has(externalId);
  }

  takeSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  arriving(keys: readonly string[]): ReadonlySet<string> {
    return new Set(keys.filter((key) => this.#arriving.has(key)));
  }

  add(draft: Draft, { fingerprint, isInRange, isAddressTaken }: ListedDraft): SyncRecord {
    const { claim } = draft;
    const isContested =
      claim === null || isAddressTaken || this.#arriving.has(claim) || this.#waiting.has(claim);
    const isCreate = draft.action === 'create';
    const isEarly = this.#writing.mayCreate && isCreate && isInRange && !isContested;
    if (isEarly) this.#arriving.add(claim);
    else if (claim !== null) this.#waiting.add(claim);
    const record: SyncRecord = {
      ...draft,
      fingerprint,
      status: isEarly ? 'applied' : draft.status,
      seq: this.takeSeq(),
    };
    this.#buffer.push(record);
    return record;
  }

  async flush(): Promise<void> {
    if (this.#buffer.length >= batchSize) await this.#send();
  }

  async end(): Promise<void> {
    if (this.#buffer.length > 0) await this.#send();
    await this.awaitPending();
    this.#throwFailure();
  }

  async awaitPending(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #send(): Promise<void> {
    while (this.#underWay.size >= mostBatches) await Promise.race(this.#underWay);
    this.#throwFailure();
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

/** Creates members and returns the records of those that were created; the records of the others fail. */
async function createMembers(
  { storeId, members, records, now, note }: Writing,
  creates: readonly SyncRecord[],
): Promise<readonly SyncRecord[]> {
  if (creates.length === 0) return [];
  const made = creates.map((record) => memberFrom(record, { storeId, now: now() }));
  const { failed } = await members.insertMany(made);
  if (failed.length === 0) {
    await note(creates);
    return creates;
  }
  const failures = failed.map(({ recordId: id, error }) => ({ id, error }));
  await records.fail(failures, 'applied');
  const isFailed = new Set(failures.map(({ id }) => id));
  const created = creates.filter(({ id }) => !isFailed.has(id));
  await note(created);
  return created;
}

interface ReadPorts extends NotePorts {
  readonly members: Pick<MemberStore, 'byIds'>;
  readonly records: Pick<RecordStore, 'page' | 'removeMany'>;
}

/** The members that an interrupted listing created. */
interface Created {
  readonly externalIds: IdSet;
  readonly active: number;
  /** The highest `seq` used so far in the run. */
  readonly lastSeq: number;
}

const noneCreated: Created = { externalIds: new IdSet(), active: 0, lastSeq: 0 };

/**
 * Reads which members an interrupted listing created: their records stay as they are. Records without a member are
 * removed, failed ones too, and the next listing plans their users again.
 */
async function readCreated(ports: ReadPorts, run: Run): Promise<Created> {
  const externalIds = new IdSet();
  let active = 0;
  let lastSeq = 0;
  for await (const records of removeUnwritten(ports, { run, statuses: ['applied', 'failed'] })) {
    for (const record of records) {
      externalIds.add(record.externalId ?? '');
      if (isActive(record)) active += 1;
      lastSeq = record.seq;
    }
  }
  return { externalIds, active, lastSeq };
}

/** Removes the records of creates that were stored and whose members were not created before the run ended. */
export async function removeUncreated(ports: ReadPorts, run: Run): Promise<void> {
  const looked = removeUnwritten(ports, { run, statuses: ['applied'] });
  for await (const _present of looked);
}

/** Removes the records without a member, notes those with one, and yields these. */
async function* removeUnwritten(
  ports: ReadPorts,
  { run, statuses }: { readonly run: Run; readonly statuses: readonly RecordStatus[] },
): AsyncGenerator<readonly SyncRecord[]> {
  const { members, records: store } = ports;
  const note = openNotes(ports, run);
  for await (const records of recordPagesOf(store, run.id, { statuses })) {
    const found = await members.byIds(records.map(({ memberId }) => memberId ?? ''));
    const present = new Set(found.map(({ id }) => id));
    // The record of an erased member has no changes, and stays.
    const isWritten = ({ memberId, changes }: SyncRecord): boolean =>
      changes.length === 0 || present.has(memberId ?? '');
    const gone = records.filter((record) => !isWritten(record)).map(({ id }) => id);
    if (gone.length > 0) await store.removeMany(gone, statuses);
    const written = records.filter(isWritten);
    await note(written.filter(({ status }) => status === 'applied'));
    yield written;
  }
}

function isActive({ changes }: SyncRecord): boolean {
  return changes.some(({ field, to }) => field === 'status' && to === 'active');
}
