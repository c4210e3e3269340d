import type { InactiveCause, MemberStatus } from '../model/member.ts';
import type { SourceState } from '../model/source-user.ts';
import type { StatusSync } from '../model/store-config.ts';

/** What the source says of a person, after scope and absence are decided. */
export type SourceStatus = SourceState | 'out-of-scope' | 'gone' | 'left-groups';

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

/** The step where the status is reflected, and where it is ignored. */
interface Row {
  readonly reflect: Step | Choose;
  readonly ignore: Step | Choose;
}

const stagedNewUser: Choose = ({ staged }) => (staged === 'skip' ? 'skip' : 'create-inactive');
const keep: Row = { reflect: 'keep', ignore: 'keep' };
const update: Row = { reflect: 'update', ignore: 'update' };

/** The decisions of docs/architecture.md ("What a run decides"), by what the source says and what the member is. */
const decisionTable: Readonly<Record<SourceStatus, Readonly<Record<MemberStatus | 'none', Row>>>> =
  {
    ACTIVATED: {
      none: { reflect: 'create-active', ignore: 'create-active' },
      active: update,
      inactive: { reflect: 'reactivate', ignore: 'update' },
    },
    SUSPENDED: {
      none: {
        reflect: ({ deactivated }) => (deactivated === 'delete' ? 'skip' : 'create-inactive'),
        ignore: 'create-inactive',
      },
      active: { reflect: ({ deactivated }) => deactivated, ignore: 'update' },
      inactive: {
        reflect: ({ deactivated }) => (deactivated === 'delete' ? 'delete' : 'update'),
        ignore: 'update',
      },
    },
    STAGED: {
      none: { reflect: stagedNewUser, ignore: stagedNewUser },
      active: {
        reflect: ({ staged }) => (staged === 'inactive' ? 'deactivate' : 'update'),
        ignore: 'update',
      },
      inactive: update,
    },
    'out-of-scope': {
      none: keep,
      active: { reflect: ({ outOfScope }) => outOfScope, ignore: 'keep' },
      inactive: keep,
    },
    // Active in the directory, and in no followed group any more.
    'left-groups': {
      none: { reflect: 'create-active', ignore: 'create-active' },
      active: { reflect: 'deactivate', ignore: 'update' },
      inactive: update,
    },
    gone: {
      none: keep,
      active: { reflect: ({ deleted }) => deleted, ignore: 'keep' },
      inactive: {
        reflect: ({ deleted }) => (deleted === 'delete' ? 'delete' : 'mark-gone'),
        ignore: 'keep',
      },
    },
  };

/** The step for one person. `member` is the status of the member here, `none` without one. */
export function decide(
  source: SourceStatus,
  member: MemberStatus | 'none',
  statusSync: StatusSync,
): Step {
  const step = decisionTable[source][member][statusSync.mode];
  return typeof step === 'string' ? step : step(statusSync);
}

const causes: Readonly<Record<SourceStatus, InactiveCause | null>> = {
  ACTIVATED: null,
  SUSPENDED: 'suspended',
  STAGED: 'staged',
  'out-of-scope': 'out-of-scope',
  gone: 'gone',
  'left-groups': 'left-groups',
};

/** Why a person in this state would be inactive; null for those who should be active. */
export function causeOf(source: SourceStatus): InactiveCause | null {
  return causes[source];
}
