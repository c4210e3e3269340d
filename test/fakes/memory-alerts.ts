import { channelOf } from '../../src/core/alerts/channels.ts';
import {
  type AlertSummary,
  addSummaries,
  type ChannelSummary,
} from '../../src/core/alerts/summary.ts';
import { type Alert, alertChannels, type NewAlert } from '../../src/core/model/alert.ts';
import type { AlertStore } from '../../src/ports/alerts.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The outbox in memory: raising an alert that exists changes nothing. */
export class MemoryAlerts implements AlertStore {
  isSilent = false;
  readonly all = new Map<string, Alert>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async raise(alerts: readonly NewAlert[]) {
    const now = this.#clock.now();
    const untried = { attempts: 0, triedAt: null, deliveredAt: null, lastError: null };
    for (const alert of alerts) {
      if (this.all.has(alert.id)) continue;
      this.all.set(alert.id, { ...alert, ...untried, createdAt: now, nextAttemptAt: now });
    }
  }
  async due(now: Date, limit: number) {
    return [...this.all.values()]
      .filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= now)
      .sort((a, b) => Number(a.nextAttemptAt) - Number(b.nextAttemptAt))
      .slice(0, limit);
  }
  async save(alert: Alert) {
    if (this.all.has(alert.id)) this.all.set(alert.id, alert);
  }
  async drop(id: string) {
    this.all.delete(id);
  }
  async summary(): Promise<AlertSummary> {
    const all = [...this.all.values()];
    return addSummaries(
      alertChannels.map((channel) => summaryOf(all.filter((one) => channelOf(one) === channel))),
    );
  }
}

function summaryOf(all: readonly Alert[]): ChannelSummary {
  const lastDelivery = Math.max(...all.map(({ deliveredAt }) => Number(deliveredAt ?? 0)));
  const due = all.filter(({ nextAttemptAt }) => nextAttemptAt !== null);
  const failing = due.filter(({ attempts }) => attempts > 0);
  const givenUp = all.filter(
    ({ nextAttemptAt, deliveredAt, triedAt }) =>
      nextAttemptAt === null && deliveredAt === null && Number(triedAt) > lastDelivery,
  );
  const [latest] = [...failing, ...givenUp].sort((a, b) => Number(b.triedAt) - Number(a.triedAt));
  return {
    waiting: due.length - failing.length,
    failing: failing.length,
    givenUp: givenUp.length,
    latest: latest ?? null,
  };
}
