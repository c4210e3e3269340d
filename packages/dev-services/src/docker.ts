/** Redis and MongoDB as containers: the `mongo` and `redis` services of compose.yaml. */
import { join } from 'node:path';
import { Unavailable } from './errors.ts';
import { type CommandResult, runProgram } from './external-command.ts';
import { clearState, type Instance, type ServiceUris, writeState } from './instance.ts';
import type { Provider, Report } from './provider.ts';

const SERVICES = ['mongo', 'redis'] as const;
const MONGODB_PORT = 27_017;
const REDIS_PORT = 6379;
const ENGINE_ANSWERS_WITHIN_MS = 15_000;

/** Why Docker can't be used here; undefined when it can. */
export async function whyDockerIsUnavailable(): Promise<string | undefined> {
  const engine = await runProgram('docker', ['info'], { timeoutMs: ENGINE_ANSWERS_WITHIN_MS });
  if (engine.exitCode === undefined) return 'docker is not installed, or does not answer';
  if (engine.exitCode !== 0) return lastLine(engine).replace(/[.?]+$/, '');
  const compose = await runProgram('docker', ['compose', 'version']);
  return compose.exitCode === 0 ? undefined : 'its compose plugin is missing';
}

/** Containers of the compose files in `repository`; one compose project an instance. */
export function createDockerProvider(repository: string, report: Report): Provider {
  const compose = (instance: Instance, words: readonly string[]): Promise<CommandResult> =>
    runProgram('docker', [...composeWords(repository, instance), ...words], {
      cwd: repository,
    });

  const find = async (instance: Instance): Promise<ServiceUris | undefined> => {
    const mongodb = await compose(instance, ['port', 'mongo', String(MONGODB_PORT)]);
    const redis = await compose(instance, ['port', 'redis', String(REDIS_PORT)]);
    const mongodbAt = publishedAddress(mongodb.stdout);
    const redisAt = publishedAddress(redis.stdout);
    if (mongodbAt === undefined || redisAt === undefined) return undefined;
    return { mongodbUri: `mongodb://${mongodbAt}/`, redisUrl: `redis://${redisAt}` };
  };

  return {
    find,
    async start(instance) {
      report('starting Redis and MongoDB with Docker');
      await writeState(instance, { provider: 'docker' });
      const up = await compose(instance, ['up', '--detach', '--wait', ...SERVICES]);
      const uris = up.exitCode === 0 ? await find(instance) : undefined;
      if (uris !== undefined) return uris;
      throw new Unavailable(`Docker could not start Redis and MongoDB: ${lastLine(up)}`, {
        hint: 'Mend it, or set MONGODB_URI and REDIS_URL to servers that run.',
      });
    },
    async stop(instance) {
      await requireCompose(await compose(instance, ['down', '--timeout', '10']));
      await clearState(instance);
    },
    async kill(instance, service) {
      const name = service === 'redis' ? 'redis' : 'mongo';
      await requireCompose(await compose(instance, ['kill', name]));
    },
    async deleteData(instance) {
      await requireCompose(await compose(instance, ['down', '--volumes', '--timeout', '10']));
    },
  };
}

function composeWords(repository: string, instance: Instance): string[] {
  const files = ['compose.yaml', 'packages/dev-services/compose.ports.yaml'];
  const project = `rollcall-${instance.name}-${instance.id}`;
  return [
    'compose',
    '--project-name',
    project,
    ...files.flatMap((file) => ['--file', join(repository, file)]),
  ];
}

/** Reads what `docker compose port` prints: `127.0.0.1:49153`. A container that doesn't run has no port, or port 0. */
export function publishedAddress(printed: string): string | undefined {
  const match = /^(127\.0\.0\.1:\d*[1-9]\d*)$/m.exec(printed);
  return match?.[1];
}

async function requireCompose(result: CommandResult): Promise<void> {
  if (result.exitCode !== 0) throw new Unavailable(`Docker compose failed: ${lastLine(result)}`);
}

function lastLine({ stderr }: CommandResult): string {
  return stderr.trim().split('\n').at(-1) ?? '';
}
