/** `npm run services -- …`: Redis and MongoDB for development and tests. */
import { join } from 'node:path';
import { parseRequestedCommand, type Request, USAGE } from './arguments.ts';
import { messageOf, ServicesError } from './errors.ts';
import { findGivenServices } from './given-services.ts';
import { instanceOf, listInstanceNames, type ServiceName, type ServiceUris } from './instance.ts';
import { runWithServices } from './run-command.ts';
import {
  findServices,
  killService,
  type Services,
  startServices,
  stopServices,
} from './services.ts';

const services: Services = {
  repository: join(import.meta.dirname, '../../..'),
  report: (line) => void process.stderr.write(`services: ${line}\n`),
};

async function serve(request: Request): Promise<number> {
  switch (request.command) {
    case 'help':
      print(USAGE);
      return 0;
    case 'run':
      return runWithServices(services, request);
    case 'up':
      return up(request.instance);
    case 'down':
      return down(request.instance, request.isDataDeleted);
    case 'kill':
      return kill(request.instance, request.service);
    case 'status':
      return status(request.instance);
  }
}

async function up(name: string): Promise<number> {
  const given = findGivenServices(process.env);
  if (given !== undefined) services.report('MONGODB_URI and REDIS_URL are set: nothing is started');
  printUris(given ?? (await startServices(services, { instance: named(name), isFresh: false })));
  return 0;
}

async function down(name: string, isDataDeleted: boolean): Promise<number> {
  const instance = named(name);
  const wasStarted = await stopServices(services, { instance, isDataDeleted });
  services.report(wasStarted ? `stopped ${name}` : `${name} was not started`);
  return 0;
}

async function kill(name: string, service: ServiceName): Promise<number> {
  const wasStarted = await killService(services, { instance: named(name), service });
  services.report(wasStarted ? `killed the ${service} of ${name}` : `${name} was not started`);
  return wasStarted ? 0 : 3;
}

async function status(name: string): Promise<number> {
  const uris = await findServices(services, named(name));
  if (uris !== undefined) {
    printUris(uris);
    return 0;
  }
  const others = (await listInstanceNames(services.repository)).filter((one) => one !== name);
  const hint = others.length === 0 ? '' : `; instances started here before: ${others.join(', ')}`;
  services.report(`${name} is not running${hint}`);
  return 3; // as "program is not running" of service scripts
}

const named = (name: string) =>
  instanceOf({ repository: services.repository, name, isDisposable: false });

function printUris({ mongodbUri, redisUrl }: ServiceUris): void {
  print(`export MONGODB_URI=${mongodbUri}\nexport REDIS_URL=${redisUrl}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  process.exitCode = await serve(parseRequestedCommand(process.argv.slice(2)));
} catch (error) {
  const { hint, exitCode } =
    error instanceof ServicesError ? error : { hint: undefined, exitCode: 1 };
  services.report(messageOf(error) + (hint === undefined ? '' : `\n${hint}`));
  process.exitCode = exitCode;
}
