import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { nameWorker, startHeartbeat } from '../../jobs/heartbeat.ts';
import { allJobs } from '../../jobs/index.ts';
import { isCluster, queueNames } from '../../jobs/queues.ts';
import { startWorkers, type Workers } from '../../jobs/run-worker.ts';
import { armRecurringJobs } from '../../jobs/schedules.ts';
import { Cancelled, ConfigError, hintOf } from '../core/errors.ts';
import type { Run } from '../core/model/run.ts';
import { seeRunbook } from '../core/runbooks.ts';
import { removeStore } from '../manage/stores/remove-store.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createWays } from '../outgoing/ways.ts';
import type { IdentityProvider } from '../ports/identity-provider.ts';
import { createPushService, type PushService } from '../sync/push/push-service.ts';
import { replanAfterRun } from '../sync/push/replan-after-run.ts';
import { requestGroupSync } from '../sync/push/request-group-sync.ts';
import { executeRun } from '../sync/run/execute-run.ts';
import { type App, openApp, redisSettings, redisTrouble } from './compose.ts';
import { logRunEnd, logRuns } from './log-runs.ts';
import { logAlertTry, logNoticeTry } from './log-tries.ts';
import { openMetrics } from './open-metrics.ts';
import { readinessChecks } from './readiness.ts';
import { serviceVersions } from './service-versions.ts';
import { shutDown, untilStopSignal } from './shutdown.ts';
import { warnAtStart } from './warn-at-start.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly role: 'api' | 'worker' | 'all';
  readonly log: Logger;
  readonly process: Pick<NodeJS.Process, 'on' | 'exit'>;
}

/**
 * V8 lets a heap of short-lived pages grow to a multiple of its live data. Collecting once it has
 * doubled keeps a worker under 250 MiB instead of 330 for any size of the directory (ADR 18).
 */
const heapGrowth = '--heap-growing-percent=100';

/** Runs a process until it is asked to stop; `Cancelled` when it could not stop in order. */
export async function serve({ config, role, log, process }: ServeOptions): Promise<void> {
  setFlagsFromString(heapGrowth);
  const stop = untilStopSignal(process);
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'A bug ended this process.');
    process.exit(70);
  });
  const running = await start({ config, role, log }).catch((error: unknown) => {
    logFailedStart(log, { role, error });
    throw error;
  });
  log.info({ role, signal: await stop }, 'Stopping.');
  if (await running.stop()) return;
  throw new Cancelled('The process could not stop in order.', {
    hint: 'Nothing is lost: another worker takes over what it left within a minute.',
  });
}

/** What collects the lines of the log reads JSON; the command prints the same for people. */
export function logFailedStart(
  log: Logger,
  { role, error }: { readonly role: ServeOptions['role']; readonly error: unknown },
): void {
  log.fatal({ role, err: error, hint: hintOf(error) }, 'The process could not start.');
}

/** A request or a push whose expression takes long must not keep a process that stops. */
const expressionGraceMs = 5_000;

interface Running {
  /** The address it listens on; null without a port. */
  readonly address: string | null;
  /** Ends all parts in order; false when that failed. */
  stop(): Promise<boolean>;
}

/** Starts the parts of a role. When one of them can't start, the others are closed. */
export async function start({
  config,
  role,
  log,
}: Omit<ServeOptions, 'process'>): Promise<Running> {
  const state: { stopping: boolean; workers?: RunningWorkers; server?: FastifyInstance } = {
    stopping: false,
  };
  const onRunEnded = (run: Run): void => {
    metrics.countRun(run);
    logRunEnd(run, log);
  };
  const metrics: Metrics = openMetrics(() => app, { staleMs: config.alertStaleMs, log });
  const app = await openApp(config, log, ({ directory, route, status }) =>
    metrics.countSourceRequest({ directory, route, status: String(status) }),
  );
  const syncGroups = (storeId: string): void => {
    requestGroupSync(app.ports, storeId).catch((err: unknown) =>
      log.warn({ err }, 'The pushed groups were not synced; the next sync of the store does it.'),
    );
  };
  const pusher = createPushService(app.ports, {
    onRunEnded(run) {
      onRunEnded(run);
      // New members join the groups that they were pushed into.
      if (run.storeId !== null && run.counts.applied > 0) syncGroups(run.storeId);
    },
    onGroupsPushed: syncGroups,
    onError: (err) =>
      log.warn({ err }, 'A run of pushes could not be ended; a worker ends it within minutes.'),
  });
  const stop = (): Promise<boolean> => {
    state.stopping = true;
    setTimeout(() => app.endExpressions(), expressionGraceMs).unref();
    return shutDown(
      [
        { name: 'hand back jobs', run: async () => state.workers?.stop() },
        { name: 'close workers', run: async () => state.workers?.close() },
        { name: 'close the HTTP server', run: async () => state.server?.close() },
        { name: 'end the runs of pushes', run: () => pusher.endRuns() },
        { name: 'close the connections', run: () => app.close() },
      ],
      { log },
    );
  };
  try {
    const found = await warnAtStart(app, { config, log });
    if (role !== 'api')
      state.workers = await runWorkers({ app, config, log, metrics, onRunEnded, pusher });
    const listensOn = role === 'worker' ? config.workerHttpPort : config.http.port;
    let address: string | null = null;
    if (listensOn !== undefined) {
      // A worker without a port needs no HTTP server, which saves 16 MiB.
      const { buildServer } = await import('../http/server.ts');
      state.server = await buildServer({
        ...app.ports,
        pusher,
        log,
        metrics,
        publicUrl: config.publicUrl,
        staleMs: config.alertStaleMs,
        heldExpiryMs: config.heldExpiryMs,
        serviceVersions: () => serviceVersions(app),
        trustedProxies: config.trustedProxies,
        provider: role === 'worker' ? null : await openProvider(config),
        cookieKey: app.cookieKey,
        checks: readinessChecks(app, {
          redis: redisSettings(config),
          found,
          isStopping: () => state.stopping,
        }),
        queues: role === 'worker' ? null : queueNames.map((name) => app.queues[name]),
        ports: role === 'worker' ? null : app.ports,
      });
      address = await listen(state.server, { host: config.http.host, port: listensOn });
    }
    await app.ports.queue.reconcileSchedules().catch((err: unknown) => {
      log.warn(
        { err },
        'The schedules could not be set; a worker does it again within five minutes.',
      );
    });
    log.info({ role, address }, 'Ready.');
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type RunningWorkers = Pick<Workers, 'stop' | 'close'>;

const rearmMs = 30_000;

async function runWorkers({
  app: { ports, queues },
  config,
  log,
  metrics,
  onRunEnded,
  pusher,
}: {
  readonly pusher: PushService;
  readonly app: App;
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly onRunEnded: (run: Run) => void;
}): Promise<RunningWorkers> {
  const jobs = allJobs({
    ports,
    queues,
    executeRun: logRuns(async (runId, worker) => {
      const outcome = await executeRun(ports, runId, worker);
      if (outcome.outcome === 'ended') await replanAfterRun({ ...ports, pusher }, outcome.run);
      return outcome;
    }, log),
    removeStore: (store, { members, by }) =>
      removeStore(ports, { store, members }, { by, from: hostname() }),
    onRunEnded,
    heldExpiryMs: config.heldExpiryMs,
    retentionMs: config.runRetentionMs,
    onAlertTried(tried) {
      metrics.countAlertTry(tried.outcome);
      logAlertTry(tried, log);
    },
    onNoticeTried: (tried) => logNoticeTry(tried, log),
    staleMs: config.alertStaleMs,
    publicUrl: config.publicUrl,
    log: (fields, message) => log.info(fields, message),
  });
  const redis = redisSettings(config);
  const name = nameWorker();
  const heartbeat = await startHeartbeat(
    { queues, redis },
    { name, onError: (err) => log.warn({ err }, 'A sign of life could not be given.') },
  );
  const workers = startWorkers({
    name,
    jobs,
    redis: { ...redis, isCluster: await isCluster(queues) },
    log,
    onConnectionError: redisTrouble(log),
  });
  const arm = (): Promise<void> =>
    armRecurringJobs(queues, jobs).catch((err: unknown) =>
      log.warn({ err }, 'The jobs that come by themselves could not be set.'),
    );
  const timer = setInterval(() => void arm(), rearmMs);
  await workers.ready();
  await arm();
  return {
    async stop() {
      clearInterval(timer);
      await workers.stop();
    },
    async close() {
      await workers.close();
      await heartbeat.stop();
    },
  };
}

/** Only a process that people sign in to loads what that takes. */
async function openProvider({ oidc, proxies }: Config): Promise<IdentityProvider | null> {
  if (oidc === undefined) return null;
  const { createIdentityProvider } = await import('../oidc/identity-provider.ts');
  return createIdentityProvider(oidc, createWays(proxies, {}));
}

async function listen(
  server: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    throw new ConfigError(
      `The process can't listen on port ${port} of ${host}: ${(cause as Error).message}.`,
      {
        cause,
        hint: `Set HTTP_HOST and HTTP_PORT (a worker: WORKER_HTTP_PORT) to what is free. ${seeRunbook('does-not-start')}`,
      },
    );
  }
}
