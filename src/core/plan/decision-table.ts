import type { InactiveCause, MemberStatus } from '../model/member.ts';
import type { SourceState } from '../model/source-user.ts';
import type { StatusSync } from '../model/store-config.ts';

/** What the source says of a person, after scope and absence are decided. */
export type SourceStatus = SourceState | 'out-of-scope' | 'gone';

/** What to do about a person. `deactivate` and `reactivate` include the changed fields. */
export type Step =
  | 'create-active'
  | 'create-inactive'
  | 'update'
  | 'deactivate'
  | 'reactivate'
  | 'delete'
  | 'mark-gone'
  | 'skip'
  | 'keep';

type Choose = (status: StatusSync) => Step;

const always =
  (step: Step): Choose =>
  () =>
    step;

interface Row {
  readonly source: SourceStatus;
  readonly member: MemberStatus | 'none';
  readonly reflect: Choose;
  readonly ignore: Choose;
}

const stagedNewUser: Choose = ({ staged }) => (staged === 'skip' ? 'skip' : 'create-inactive');

/** The decisions of docs/architecture.md ("What a run decides"), row by row; e-mail conflicts are decided apart. */
export const decisionTable: readonly Row[] = [
  {
    source: 'ACTIVATED',
    member: 'none',
    reflect: always('create-active'),
    ignore: always('create-active'),
  },
  { source: 'ACTIVATED', member: 'active', reflect: always('update'), ignore: always('update') },
  {
    source: 'ACTIVATED',
    member: 'inactive',
    reflect: always('reactivate'),
    ignore: always('update'),
  },
  {
    source: 'SUSPENDED',
    member: 'none',
    reflect: ({ deactivated }) => (deactivated === 'delete' ? 'skip' : 'create-inactive'),
    ignore: always('create-inactive'),
  },
  {
    source: 'SUSPENDED',
    member: 'active',
    reflect: ({ deactivated }) => deactivated,
    ignore: always('update'),
  },
  {
    source: 'SUSPENDED',
    member: 'inactive',
    reflect: ({ deactivated }) => (deactivated === 'delete' ? 'delete' : 'update'),
    ignore: always('update'),
  },
  { source: 'STAGED', member: 'none', reflect: stagedNewUser, ignore: stagedNewUser },
  {
    source: 'STAGED',
    member: 'active',
    reflect: ({ staged }) => (staged === 'inactive' ? 'deactivate' : 'update'),
    ignore: always('update'),
  },
  { source: 'STAGED', member: 'inactive', reflect: always('update'), ignore: always('update') },
  { source: 'out-of-scope', member: 'none', reflect: always('keep'), ignore: always('keep') },
  {
    source: 'out-of-scope',
    member: 'active',
    reflect: ({ outOfScope }) => outOfScope,
    ignore: always('keep'),
  },
  { source: 'out-of-scope', member: 'inactive', reflect: always('keep'), ignore: always('keep') },
  { source: 'gone', member: 'none', reflect: always('keep'), ignore: always('keep') },
  { source: 'gone', member: 'active', reflect: ({ deleted }) => deleted, ignore: always('keep') },
  {
    source: 'gone',
    member: 'inactive',
    reflect: ({ deleted }) => (deleted === 'delete' ? 'delete' : 'mark-gone'),
    ignore: always('keep'),
  },
];

const rows = new Map(decisionTable.map((row) => [`${row.source} ${row.member}`, row]));

/** The step for one person. `member` is the status of the member here, `none` without one. */
export function decide(
  source: SourceStatus,
  member: MemberStatus | 'none',
  statusSync: StatusSync,
): Step {
  const row = rows.get(`${source} ${member}`);
  if (row === undefined) throw new Error(`no decision for ${source}, ${member}`);
  return row[statusSync.mode](statusSync);
}

const causes: Readonly<Record<SourceStatus, InactiveCause | null>> = {
  ACTIVATED: null,
  SUSPENDED: 'suspended',
  STAGED: 'staged',
  'out-of-scope': 'out-of-scope',
  gone: 'gone',
};

/** Why a person in this state would be inactive; null for those who should be active. */
export function causeOf(source: SourceStatus): InactiveCause | null {
  return causes[source];
}
