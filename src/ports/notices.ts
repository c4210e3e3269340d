import type { NewNotice, Notice, NoticeState } from '../core/model/notice.ts';

/** The recent results of sending notices. */
interface NoticeSummary {
  readonly waiting: number;
  readonly failing: number;
  readonly givenUp: number;
}

/** The outbox of mails to members. */
export interface NoticeStore {
  /** True when no mail server is set: no notice is stored. */
  readonly isSilent: boolean;
  /** Stores notices; those that await nothing are due at once. One that exists already stays as it is. */
  add(notices: readonly NewNotice[]): Promise<void>;
  /** Notices that await the activation of these members become due, or are dropped. */
  activate(memberIds: readonly string[], then: 'send' | 'drop'): Promise<void>;
  /** Removes all notices of these members. */
  forget(memberIds: readonly string[]): Promise<void>;
  /** Notices to be sent by now, the longest due first. */
  due(now: Date, limit: number): Promise<readonly Notice[]>;
  get(id: string): Promise<Notice | null>;
  /** The newest notice of a member about a change of its address; null without one. */
  lastMove(memberId: string): Promise<Notice | null>;
  /** Replaces a notice, unless it is gone. */
  save(notice: Notice): Promise<void>;
  drop(id: string): Promise<void>;
  /** Newest first, by id where they are of one time. */
  list(filter: {
    readonly state?: NoticeState | undefined;
    readonly limit: number;
  }): Promise<readonly Notice[]>;
  summary(): Promise<NoticeSummary>;
  /** How many were delivered since then. */
  deliveredSince(since: Date): Promise<number>;
}
