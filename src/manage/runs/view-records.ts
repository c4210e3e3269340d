import { type MoveList, recordKinds, type SyncRecord } from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import type { Ports } from '../../ports/index.ts';
import type { RecordFilter } from '../../ports/records.ts';
import { recordPagesOf } from '../../sync/run/records/read-records.ts';

/** A record, with the first of the people whom a record of a group puts in and takes out, by source id. */
export interface RecordView {
  readonly record: SyncRecord;
  readonly people: Readonly<Record<MoveList, readonly string[]>>;
}

type ViewPorts = Pick<Ports, 'records' | 'recordPeople'>;

/** The people of a record of a user. */
export const nobody: RecordView['people'] = { added: [], removed: [], granted: [], revoked: [] };

/** Reads the people of the records of groups among these. */
export async function viewRecords(
  { recordPeople }: Pick<ViewPorts, 'recordPeople'>,
  records: readonly SyncRecord[],
): Promise<readonly RecordView[]> {
  const ofGroups = records.filter(({ kind }) => kind === 'group').map(({ id }) => id);
  const peopleOf = new Map<string, RecordView['people']>();
  for (const { recordId, list, ids } of ofGroups.length === 0
    ? []
    : await recordPeople.firstPages(ofGroups)) {
    peopleOf.set(recordId, { ...(peopleOf.get(recordId) ?? nobody), [list]: ids });
  }
  return records.map((record) => ({ record, people: peopleOf.get(record.id) ?? nobody }));
}

/** The records of a run by `seq`, all or those in some states, read in pages. */
export async function* viewRecordsOf(
  ports: ViewPorts,
  run: Pick<Run, 'id' | 'undoOf'>,
  which: Pick<RecordFilter, 'statuses'> = {},
): AsyncGenerator<RecordView> {
  // An undo takes groups first, every other run users.
  const kinds = run.undoOf === null ? recordKinds : recordKinds.toReversed();
  for (const kind of kinds) {
    for await (const page of recordPagesOf(ports.records, run.id, { ...which, kind })) {
      yield* await viewRecords(ports, page);
    }
  }
}
