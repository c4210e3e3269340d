import { z } from 'zod';
import type { Schedule } from '../../core/model/store-config.ts';
import { nextRun } from '../../core/schedule/next-run.ts';
import { skippedMonths } from '../../core/schedule/skipped-months.ts';
import { findStoreById } from '../../manage/find.ts';
import { readSections } from '../../manage/stores/configure-store.ts';
import type { Ports } from '../../ports/index.ts';
import { time } from '../../presenters/times.ts';
import { type ApiServer, apiPrefix, sectionOf, storeParams } from './shared.ts';

const url = `${apiPrefix}/stores/:storeId`;

const times = z.object({
  times: z.array(time),
  skipped: z.string().nullable().meta({ description: 'Which months it leaves out.' }),
});

/** When schedules start runs: a store's own one, or a proposed one. */
export function addScheduleRoutes(app: ApiServer, ports: Ports): void {
  const count = z.coerce.number().int().min(1).max(50).default(5);
  app.route({
    method: 'GET',
    url: `${url}/next-runs`,
    schema: {
      operationId: 'nextRuns',
      summary: 'When the schedule will start the next runs',
      params: storeParams,
      querystring: z.strictObject({ count }),
      response: { 200: times },
    },
    async handler({ params, query }) {
      const { status, config } = await findStoreById(ports, params.storeId);
      const schedule = status === 'active' ? config.schedule : null;
      return answerOn(schedule, ports.clock.now(), query.count);
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/schedule-preview`,
    schema: {
      operationId: 'previewSchedule',
      summary: 'When another schedule would start the next runs; nothing is stored',
      params: storeParams,
      body: z.strictObject({
        schedule: sectionOf('schedule'),
        count: z.int().min(1).max(50).default(5),
      }),
      response: { 200: times },
    },
    async handler({ params, body: { count: wanted, ...section } }) {
      const store = await findStoreById(ports, params.storeId);
      const { schedule } = readSections(ports, store, section);
      return answerOn(schedule, ports.clock.now(), wanted);
    },
  });
}

function answerOn(schedule: Schedule | null, now: Date, count: number): z.output<typeof times> {
  const skipped = schedule === null ? null : skippedMonths(schedule);
  return { times: nextTimes(schedule, now, count), skipped };
}

function nextTimes(schedule: Schedule | null, now: Date, count: number): string[] {
  const found: string[] = [];
  if (schedule === null) return found;
  for (let after = now; found.length < count; ) {
    const next = nextRun(schedule, after);
    if (next === null) break;
    found.push(next.toISOString());
    after = next;
  }
  return found;
}
