import type { Run } from '../../core/model/run.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { Ports } from '../../ports/index.ts';
import type { RunStore } from '../../ports/runs.ts';

export interface PushPorts
  extends Pick<
    Ports,
    | 'members'
    | 'records'
    | 'scim'
    | 'pushed'
    | 'alerts'
    | 'notices'
    | 'directories'
    | 'expressions'
    | 'clock'
  > {
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly runs: Pick<RunStore, 'insertUnderWay' | 'update' | 'list' | 'get' | 'amend'>;
}

export interface PushEvents {
  readonly onRunEnded: (run: Run) => void;
  /** A directory pushed a change of groups. */
  readonly onGroupsPushed: (storeId: string) => void;
  /** A run could not be ended: a worker ends it. */
  readonly onError: (error: unknown) => void;
}
