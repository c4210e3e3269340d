import { markDelivered, markFailed, putOff } from '../core/alerts/attempts.ts';
import { channelOf } from '../core/alerts/channels.ts';
import { describeAlert } from '../core/alerts/describe-alert.ts';
import { type AlertFacts, judgeAlert } from '../core/alerts/judge-alert.ts';
import { staleSince } from '../core/alerts/staleness.ts';
import { Cancelled } from '../core/errors.ts';
import type { Alert } from '../core/model/alert.ts';
import type { AlertSenders, AlertStore, SendAlert } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { DirectoryStores } from '../ports/directory-stores.ts';
import type { DomainStore } from '../ports/domains.ts';
import type { RunStore } from '../ports/runs.ts';
import { listExpiring, type TokenPorts } from './expiring-tokens.ts';

export interface DeliveryPorts extends TokenPorts {
  readonly alerts: Pick<AlertStore, 'due' | 'save' | 'drop'>;
  readonly runs: Pick<RunStore, 'get'>;
  readonly stores: Pick<DirectoryStores, 'get' | 'syncSummaries'>;
  readonly domains: Pick<DomainStore, 'get'>;
}

/** One try to send an alert. `alert` is its state afterwards. */
export interface AlertTry {
  readonly outcome: 'delivered' | 'failed' | 'given-up';
  readonly alert: Alert;
}

export interface Delivery {
  readonly senders: AlertSenders;
  readonly staleMs: number;
  /** Where people reach this installation: an alert names the screen that answers it. */
  readonly publicUrl: string;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Called before each further round. */
  readonly mayContinue: () => Promise<boolean>;
  /** Called after every try, for metrics and the log. */
  readonly onTried: (tried: AlertTry) => void;
}

/** This many are sent at once: a slow one delays none of the others. */
const sendsAtOnce = 10;

/**
 * Sends the due alerts, round by round. A round in which sending failed is the last one: its
 * receiver has trouble, and waiting for it would delay the caller.
 */
export async function deliverAlerts(
  ports: DeliveryPorts,
  delivery: Delivery,
): Promise<{ readonly delivered: number; readonly failed: number }> {
  let delivered = 0;
  for (;;) {
    const due = await ports.alerts.due(ports.clock.now(), sendsAtOnce);
    const ends = await Promise.all(due.map((alert) => deliver(ports, alert, delivery)));
    delivered += ends.filter((end) => end === 'delivered').length;
    const failed = ends.filter((end) => end === 'failed' || end === 'given-up').length;
    const isLast = due.length < sendsAtOnce || failed > 0 || delivery.signal.aborted;
    if (isLast || !(await delivery.mayContinue())) return { delivered, failed };
  }
}

async function deliver(
  ports: DeliveryPorts,
  alert: Alert,
  delivery: Delivery,
): Promise<AlertTry['outcome'] | 'not-tried'> {
  const { alerts, clock } = ports;
  const send = delivery.senders[channelOf(alert)];
  if (send === undefined) {
    await alerts.drop(alert.id);
    return 'not-tried';
  }
  const facts = await readFacts(ports, alert, delivery.staleMs);
  switch (judgeAlert(alert, facts)) {
    case 'drop':
      await alerts.drop(alert.id);
      return 'not-tried';
    case 'wait':
      await alerts.save(putOff(alert, clock.now()));
      return 'not-tried';
    case 'send': {
      const tried = await attempt(alert, { facts, send, delivery, clock });
      if (tried === null) return 'not-tried';
      await alerts.save(tried.alert);
      delivery.onTried(tried);
      return tried.outcome;
    }
  }
}

async function readFacts(
  ports: DeliveryPorts,
  { kind, runId, storeId, tokenId, domain: domainId = null }: Alert,
  staleMs: number,
): Promise<AlertFacts> {
  const { runs, stores, domains, clock } = ports;
  const [run, store, [summary], expiring, domain] = await Promise.all([
    runId === null ? null : runs.get(runId),
    storeId === null ? null : stores.get(storeId),
    kind !== 'stale' || storeId === null ? [] : stores.syncSummaries(storeId),
    kind === 'token-expires' ? listExpiring(ports) : [],
    domainId === null ? null : domains.get(domainId),
  ]);
  const since = summary === undefined ? null : staleSince(summary, { now: clock.now(), staleMs });
  const token = expiring.find(({ id }) => id === tokenId) ?? null;
  return { run, store, staleSince: since, token, domain };
}

/** Null when this process stops: the alert stays due, and is sent again under the same id. */
async function attempt(
  alert: Alert,
  {
    facts,
    send,
    delivery: { signal, random, publicUrl },
    clock,
  }: {
    readonly facts: AlertFacts;
    readonly send: SendAlert;
    readonly delivery: Delivery;
    readonly clock: Clock;
  },
): Promise<AlertTry | null> {
  const text = describeAlert(alert, facts, publicUrl);
  let problem: string | null;
  try {
    problem = await send({ id: alert.id, body: JSON.stringify(text), text }, signal);
  } catch (error) {
    if (error instanceof Cancelled) return null;
    throw error;
  }
  const now = clock.now();
  if (problem === null) return { outcome: 'delivered', alert: markDelivered(alert, now) };
  const failed = markFailed(alert, { error: problem, now, random: random() });
  return { outcome: failed.nextAttemptAt === null ? 'given-up' : 'failed', alert: failed };
}
