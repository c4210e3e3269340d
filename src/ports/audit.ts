import type {
  AuditAction,
  AuditEntry,
  AuditOutcome,
  AuditSubject,
  NewAuditEntry,
} from '../core/model/audit.ts';

export interface AuditFilter {
  readonly storeId?: string;
  readonly actions?: readonly AuditAction[];
  /** The actor, such as `token:ada`. */
  readonly by?: string;
  /** The id of the token or the person that acted. */
  readonly actorId?: string;
  readonly runId?: string;
  /** At this time or later. */
  readonly from?: Date;
  /** Before this time. */
  readonly to?: Date;
  /** Only entries older than the one with this id. */
  readonly before?: string;
  /** At most this many; all without it. */
  readonly limit?: number;
}

/** The audit. An entry is begun before the action, so that no action is without one. */
export interface AuditStore {
  begin(entry: NewAuditEntry): Promise<AuditEntry>;
  /** Stores the outcome of an entry that was begun, and the ids of its result. A later outcome changes nothing. */
  finish(
    id: string,
    end: {
      readonly outcome: Exclude<AuditOutcome, 'begun'>;
      readonly error?: string;
    } & Partial<Pick<Stringed<AuditSubject>, 'storeId' | 'runId' | 'tokenId'>>,
  ): Promise<void>;
  /** Replaces the values of an entry that name a person who is erased. */
  redact(id: string, left: Pick<AuditEntry, 'changes' | 'error'>): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<readonly AuditEntry[]>;
}

type Stringed<T> = { readonly [K in keyof T]: NonNullable<T[K]> };
