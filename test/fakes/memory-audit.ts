import type { AuditEntry } from '../../src/core/model/audit.ts';
import type { AuditStore } from '../../src/ports/audit.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The audit in memory. */
export class MemoryAudit implements AuditStore {
  readonly all: AuditEntry[] = [];
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async begin(entry: Parameters<AuditStore['begin']>[0]) {
    const id = String(this.all.length + 1).padStart(24, '0');
    const begun: AuditEntry = {
      ...entry,
      id,
      at: this.#clock.now(),
      outcome: 'begun',
      error: null,
    };
    this.all.push(begun);
    return begun;
  }
  async finish(id: string, end: Parameters<AuditStore['finish']>[1]) {
    const at = this.all.findIndex((entry) => entry.id === id && entry.outcome === 'begun');
    const entry = this.all[at];
    if (entry !== undefined) this.all[at] = { ...entry, ...end };
  }
  async redact(id: string, left: Parameters<AuditStore['redact']>[1]) {
    const at = this.all.findIndex((entry) => entry.id === id);
    const entry = this.all[at];
    if (entry !== undefined) this.all[at] = { ...entry, ...left };
  }
  async list(filter: Parameters<AuditStore['list']>[0]) {
    const { storeId, runId, actions, by, actorId, from, to, before, limit } = filter;
    return this.all
      .filter((entry) => storeId === undefined || entry.storeId === storeId)
      .filter((entry) => runId === undefined || entry.runId === runId)
      .filter(({ action }) => actions === undefined || actions.includes(action))
      .filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at < to))
      .filter(
        (entry) =>
          actorId === undefined ||
          [entry.byTokenId, entry.by.replace(/^user:/, '')].includes(actorId),
      )
      .filter((entry) => by === undefined || entry.by === by)
      .filter((entry) => before === undefined || entry.id < before)
      .toReversed()
      .slice(0, limit);
  }
}
