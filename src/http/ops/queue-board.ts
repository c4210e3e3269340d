import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { JobType, Queue } from 'bullmq';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOfPrincipal, logNameOf, nameOf } from '../../manage/access/sessions.ts';
import { type AuditPorts, beginAction } from '../../manage/audit/audited.ts';
import { mayUse } from '../auth/access.ts';

const prefix = '/ops/queues';

const descriptions: Readonly<Record<string, string>> = {
  runs: 'One job a run: it wakes a worker for the run in the database.',
  ticks: 'Schedules of the stores as they come due.',
  maintenance: 'Sweeping, reconciling schedules, pruning.',
};

/**
 * The queue dashboard. The table of `auth/access.ts` decides about access before a request comes
 * here; the dashboard shows each user only the controls that the table allows.
 */
export async function addQueueBoard(
  app: FastifyInstance,
  queues: readonly Queue[],
  { audit }: AuditPorts,
): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(prefix);
  createBullBoard({
    queues: queues.map(
      (queue) => new BullMQAdapter(queue, { description: descriptions[queue.name] ?? '' }),
    ),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Rollcall',
        miscLinks: [{ text: 'Sign out', url: '/ops/sign-out' }],
        hideRedisDetails: true,
        hideDocsLink: true,
        sortQueues: true,
      },
    },
  });
  adapter.setErrorHandler((error) => {
    app.log.error({ err: error }, 'The queue dashboard failed.');
    return { status: 500, body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' } } };
  });
  const entries = new WeakMap<FastifyRequest, string>();
  const board: FastifyPluginAsync = async (scope) => {
    scope.addHook('preHandler', async (request) => {
      if (request.method !== 'PUT') return;
      const entry = await beginEntry(request, audit);
      if (entry !== null) entries.set(request, entry);
      await recordAction(request, queues);
    });
    scope.addHook('onSend', async (request, { statusCode }) => {
      const entry = entries.get(request);
      if (entry === undefined) return;
      const outcome = statusCode < 400 ? 'done' : 'refused';
      await audit.finish(entry, {
        outcome,
        ...(outcome === 'refused' && { error: `${statusCode}` }),
      });
    });
    scope.addHook('preSerialization', async (request, _reply, payload) =>
      mayRetry(request) ? payload : withoutControls(payload),
    );
    scope.addHook('onSend', async (_request, reply, payload) =>
      isPage(reply.getHeader('content-type')) && typeof payload === 'string'
        ? ownLook(payload)
        : payload,
    );
    await scope.register(adapter.registerPlugin());
  };
  await app.register(board, { prefix });
}

function mayRetry({ signedIn }: FastifyRequest): boolean {
  return signedIn !== null && mayUse(signedIn.role, 'admin');
}

/** The board hides its controls for queues that call themselves read-only. */
function withoutControls(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || !('queues' in payload)) return payload;
  if (!Array.isArray(payload.queues)) return payload;
  const readOnly = { readOnlyMode: true, allowRetries: false, allowCompletedRetries: false };
  return { ...payload, queues: payload.queues.map((queue: object) => ({ ...queue, ...readOnly })) };
}

const target = z.object({
  queueName: z.string().max(200),
  jobId: z.string().max(200).optional(),
  queueStatus: z.enum(['completed', 'failed']).optional(),
});

/** Begins the audit entry of an action; null for one that is refused for what it names. */
async function beginEntry(request: FastifyRequest, audit: AuditPorts['audit']) {
  const { signedIn } = request;
  const { data } = target.safeParse(request.params);
  if (signedIn === null || data === undefined) return null;
  const asked = { request: `${request.method} ${request.routeOptions.url}`, ...data };
  const changes = Object.entries(asked).map(([path, to]) => ({ path, from: null, to: to ?? null }));
  const actor = actorOfPrincipal(signedIn, request.ip);
  return beginAction({ audit }, { actor, action: 'queue-changed', changes });
}

/** Logs the actor, and adds it to jobs that are retried: the run then stores who asked for it. */
async function recordAction(request: FastifyRequest, queues: readonly Queue[]): Promise<void> {
  const { signedIn } = request;
  const { data } = target.safeParse(request.params);
  if (signedIn === null || data === undefined) return;
  request.log.info(
    { ...logNameOf(signedIn), route: request.routeOptions.url, ...data },
    'Used the queue dashboard.',
  );
  const retriedBy = signedIn.kind === 'user' ? nameOf(signedIn) : signedIn.id;
  const queue = queues.find(({ name }) => name === data.queueName);
  if (queue?.name !== 'runs' || request.routeOptions.url?.includes('/retry') !== true) return;
  const jobs =
    data.jobId === undefined
      ? await queue.getJobs(data.queueStatus as JobType)
      : [await queue.getJob(data.jobId)];
  await Promise.all(jobs.map(async (job) => job?.updateData({ ...job.data, retriedBy })));
}

function isPage(contentType: unknown): boolean {
  return typeof contentType === 'string' && contentType.startsWith('text/html');
}

/** No font from elsewhere, and no control that the table refuses for all roles. */
function ownLook(content: string): string {
  return content
    .replace(/<link href="https:\/\/fonts[^>]*>/, '')
    .replace('</head>', `<style>${hidden}</style></head>`);
}

/**
 * The board has no setting to hide single controls, and its buttons have no names; their icons do:
 * delete, copy, edit, delay, run or resume, pause, and the menu of a queue, which would be empty.
 */
const hidden = `
:is(button, [role=menuitem]):has(> svg:is(.lucide-trash-2, .lucide-files, .lucide-pencil, .lucide-clock, .lucide-play, .lucide-pause)),
button[class^=trigger-]:has(> svg.lucide-ellipsis-vertical) { display: none !important; }`;
