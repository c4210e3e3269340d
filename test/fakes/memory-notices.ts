import { expiryOf, newNotice } from '../../src/core/mail/notice-attempts.ts';
import {
  type NewNotice,
  type Notice,
  type NoticeState,
  stateOf,
} from '../../src/core/model/notice.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { NoticeStore } from '../../src/ports/notices.ts';

/** The outbox of mails to members in memory. */
export class MemoryNotices implements NoticeStore {
  isSilent = false;
  readonly all = new Map<string, Notice>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async add(notices: readonly NewNotice[]) {
    for (const notice of notices) {
      if (this.all.has(notice.id)) continue;
      this.all.set(notice.id, newNotice(notice, this.#clock.now()));
    }
  }
  async activate(memberIds: readonly string[], then: 'send' | 'drop') {
    const now = this.#clock.now();
    for (const notice of this.all.values()) {
      if (notice.awaits !== 'activation' || !memberIds.includes(notice.memberId)) continue;
      const due = { awaits: null, nextAttemptAt: now, expireAt: expiryOf(now) };
      if (then === 'drop') this.all.delete(notice.id);
      else this.all.set(notice.id, { ...notice, ...due });
    }
  }
  async forget(memberIds: readonly string[]) {
    for (const { id, memberId } of this.all.values()) {
      if (memberIds.includes(memberId)) this.all.delete(id);
    }
  }
  async due(now: Date, limit: number) {
    return [...this.all.values()]
      .filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= now)
      .sort((a, b) => Number(a.nextAttemptAt) - Number(b.nextAttemptAt))
      .slice(0, limit);
  }
  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async lastMove(memberId: string) {
    const moves = [...this.all.values()].filter(
      (notice) => notice.memberId === memberId && notice.kind === 'address-changed',
    );
    return moves.sort((a, b) => Number(b.createdAt) - Number(a.createdAt))[0] ?? null;
  }
  async save(notice: Notice) {
    if (this.all.has(notice.id)) this.all.set(notice.id, notice);
  }
  async drop(id: string) {
    this.all.delete(id);
  }
  async list({
    state,
    limit,
  }: {
    readonly state?: NoticeState | undefined;
    readonly limit: number;
  }) {
    return [...this.all.values()]
      .filter((notice) => state === undefined || stateOf(notice) === state)
      .sort((a, b) => Number(b.createdAt) - Number(a.createdAt) || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }
  async summary() {
    const states = [...this.all.values()].map(stateOf);
    const count = (state: NoticeState) => states.filter((one) => one === state).length;
    return { waiting: count('waiting'), failing: count('failing'), givenUp: count('given-up') };
  }
  async deliveredSince(since: Date) {
    return [...this.all.values()].filter(
      ({ deliveredAt }) => deliveredAt !== null && deliveredAt >= since,
    ).length;
  }
}
