import { emailKeyOf } from '../../core/email.ts';
import { Conflict, InvalidInput } from '../../core/errors.ts';
import {
  groupPrefix,
  type RecordStatus,
  recordKinds,
  type SyncRecord,
} from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import type { RecordStore } from '../../ports/records.ts';
import { recordsOf } from '../../sync/run/records/read-records.ts';

/** People by the ids of their records, and those of them whose record was rejected before. */
interface FoundPeople {
  readonly people: readonly string[] | null;
  readonly rejected: readonly string[];
}

/**
 * The people that a decision names, or null for all. `InvalidInput` for a name without a record to decide on, and for an
 * address that several records show; `Conflict` when there is no such record at all.
 */
export async function findPeople(
  { records }: { readonly records: Pick<RecordStore, 'page'> },
  run: Run,
  asked: { readonly named: readonly string[] | null; readonly statuses: readonly RecordStatus[] },
): Promise<FoundPeople> {
  const { named, statuses } = asked;
  const candidates = new Candidates(named ?? []);
  for (const kind of recordKinds) {
    for await (const record of recordsOf(records, run.id, { kind, statuses })) {
      if (named === null) return { people: null, rejected: [] };
      if (mayBeDecided(record, run)) candidates.add(record);
    }
  }
  if (named === null) {
    throw new Conflict(`Run ${run.id} holds nothing (any more): there is nothing to decide.`, {
      hint: `See its records with: rollcall runs show ${run.id} --records`,
    });
  }
  const found = named.map((name) => ({ name, people: candidates.of(name) }));
  const missing = found.filter(({ people }) => people.length === 0);
  const several = found.filter(({ people }) => people.length > 1);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new InvalidInput(`Run ${run.id} has no ${statuses.join(' or ')} record of ${names}.`, {
      hint: `See its held records with: rollcall runs show ${run.id} --records`,
    });
  }
  if (several.length > 0) {
    const lines = several.map(
      ({ name, people }) => `${name} is the address of ${people.join(', ')}`,
    );
    throw new InvalidInput(`Run ${run.id}: ${lines.join('; ')}.`, {
      hint: 'Name those that you mean by these ids.',
    });
  }
  const people = [...new Set(found.flatMap((each) => each.people))];
  return { people, rejected: people.filter((id) => candidates.wasRejected(id)) };
}

/** The records that some names may mean, as little of them as that takes. */
class Candidates {
  readonly #names: ReadonlySet<string>;
  readonly #keys: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  readonly #idsByKey = new Map<string, Set<string>>();
  readonly #rejected = new Set<string>();

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#keys = new Set(names.filter(isAddress).map(emailKeyOf));
  }

  add(record: SyncRecord): void {
    const ids = idsOf(record);
    const named = ids.filter((id) => this.#names.has(id));
    for (const id of named) this.#ids.add(id);
    const [id] = ids;
    const key = this.#keys.size === 0 ? '' : emailKeyOf(record.email ?? '');
    if (id !== undefined && this.#keys.has(key)) {
      this.#idsByKey.set(key, (this.#idsByKey.get(key) ?? new Set()).add(id));
    }
    if (record.status === 'rejected') for (const each of ids) this.#rejected.add(each);
  }

  /** An id first: one that a directory pushed may look like an address. */
  of(name: string): readonly string[] {
    if (this.#ids.has(name)) return [name];
    return isAddress(name) ? [...(this.#idsByKey.get(emailKeyOf(name)) ?? [])] : [];
  }

  wasRejected(id: string): boolean {
    return this.#rejected.has(id);
  }
}

/** The ids by which a decision may name a record. */
function idsOf({ kind, externalId, memberId }: SyncRecord): readonly string[] {
  if (kind === 'group') return [`${groupPrefix}${externalId}`];
  return [externalId, memberId].filter((id) => id !== null);
}

const isAddress = (name: string): boolean => name.includes('@');

/** A record closed as no longer true stays closed: the next run plans again what is true. */
function mayBeDecided({ status, blocksInStore }: SyncRecord, { undoOf }: Run): boolean {
  return status === 'held' || blocksInStore !== null || undoOf !== null;
}
