import type { Model } from 'mongoose';
import { type AlertSummary, addSummaries, type ChannelSummary } from '../core/alerts/summary.ts';
import { type Alert, type AlertChannel, alertChannels } from '../core/model/alert.ts';
import type { AlertStore } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import { type AlertDocument, toAlert, toAlertDocument } from './models/alert.model.ts';
import { duplicateKeyCode, insertBatch } from './write-batch.ts';

const isDue = { nextAttemptAt: { $exists: true } };
const isUndelivered = { deliveredAt: { $exists: false } };

/** The outbox of alerts in MongoDB. */
export function createAlertStore(model: Model<AlertDocument>, clock: Clock): AlertStore {
  return {
    isSilent: false,
    async raise(alerts) {
      const now = clock.now();
      const untried = { attempts: 0, triedAt: null, deliveredAt: null, lastError: null };
      const documents = alerts.map((alert) =>
        toAlertDocument({ ...alert, ...untried, createdAt: now, nextAttemptAt: now }),
      );
      const { refused } = await insertBatch(model, documents);
      const code = [...refused.values()].find((other) => other !== duplicateKeyCode);
      if (code !== undefined) throw new Error(`the database refused an alert, with code ${code}`);
    },
    async due(now, limit) {
      const documents = await model
        .find({ nextAttemptAt: { $lte: now } })
        .sort({ nextAttemptAt: 1 })
        .limit(limit)
        .lean<AlertDocument[]>();
      return documents.map(toAlert);
    },
    async save(alert: Alert) {
      await model.replaceOne({ _id: alert.id }, toAlertDocument(alert));
    },
    async drop(id) {
      await model.deleteOne({ _id: id });
    },
    summary: () => readSummary(model),
  };
}

/** Each channel has its own deliveries: one that works says nothing of another. */
async function readSummary(model: Model<AlertDocument>): Promise<AlertSummary> {
  const summaries = await Promise.all(
    alertChannels.map((channel) => readChannel(model, onChannel(channel))),
  );
  return addSummaries(summaries);
}

function onChannel(channel: AlertChannel) {
  // Null finds alerts without a channel.
  return { channel: channel === 'webhook' ? null : channel };
}

async function readChannel(
  model: Model<AlertDocument>,
  channel: ReturnType<typeof onChannel>,
): Promise<ChannelSummary> {
  const last = await model
    .findOne({ ...channel, deliveredAt: { $exists: true } })
    .sort({ deliveredAt: -1 })
    .lean<AlertDocument>();
  const isGivenUp = {
    ...channel,
    ...isUndelivered,
    nextAttemptAt: { $exists: false },
    triedAt: { $gt: last?.deliveredAt ?? new Date(0) },
  };
  const isFailing = { ...channel, ...isDue, attempts: { $gt: 0 } };
  const [waiting, failing, givenUp, latest] = await Promise.all([
    model.countDocuments({ ...channel, ...isDue, attempts: 0 }),
    model.countDocuments(isFailing),
    model.countDocuments(isGivenUp),
    model
      .findOne({ $or: [isFailing, isGivenUp] })
      .sort({ triedAt: -1 })
      .lean<AlertDocument>(),
  ]);
  return { waiting, failing, givenUp, latest: latest && toAlert(latest) };
}
