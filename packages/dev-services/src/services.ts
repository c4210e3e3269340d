/** Starting, finding and stopping the services of an instance, with any provider. */
import { join } from 'node:path';
import { createDebianProvider, whyDebianIsUnavailable } from './debian/debian-provider.ts';
import { createDockerProvider, whyDockerIsUnavailable } from './docker.ts';
import { Unavailable } from './errors.ts';
import {
  deleteLogs,
  type Instance,
  makeFolder,
  readState,
  type ServiceName,
  type ServiceUris,
} from './instance.ts';
import { takeLock } from './lock.ts';
import type { Provider, Report } from './provider.ts';
import { WAYS_OUT } from './ways-out.ts';

export interface Services {
  readonly repository: string;
  readonly report: Report;
}

/** Starts an instance, or finds it running. `isFresh` deletes the data it had. */
export async function startServices(
  services: Services,
  { instance, isFresh }: { readonly instance: Instance; readonly isFresh: boolean },
): Promise<ServiceUris> {
  const chosen = (await findProvider(services, instance)) ?? (await chooseProvider(services));
  return whileLocked(services, instance, async () => {
    const provider = (await findProvider(services, instance)) ?? chosen;
    if (isFresh) {
      await provider.stop(instance);
      await provider.deleteData(instance);
      await deleteLogs(instance);
    }
    return provider.start(instance);
  });
}

/** The addresses of an instance; undefined when it doesn't run, or not wholly. */
export async function findServices(
  services: Services,
  instance: Instance,
): Promise<ServiceUris | undefined> {
  const provider = await findProvider(services, instance);
  return provider?.find(instance);
}

/** Stops all that was started for an instance. Returns whether there was anything. */
export async function stopServices(
  services: Services,
  { instance, isDataDeleted }: { readonly instance: Instance; readonly isDataDeleted: boolean },
): Promise<boolean> {
  return whileLocked(services, instance, async () => {
    const provider = await findProvider(services, instance);
    if (provider === undefined) return false;
    await provider.stop(instance);
    if (isDataDeleted) await provider.deleteData(instance);
    return true;
  });
}

/**
 * Ends one service of an instance without warning; starting the instance starts it again. Returns
 * whether it was running.
 */
export async function killService(
  services: Services,
  { instance, service }: { readonly instance: Instance; readonly service: ServiceName },
): Promise<boolean> {
  return whileLocked(services, instance, async () => {
    const provider = await findProvider(services, instance);
    await provider?.kill(instance, service);
    return provider !== undefined;
  });
}

/** Of two commands on one instance the second waits. */
async function whileLocked<T>(
  { report }: Services,
  instance: Instance,
  action: () => Promise<T>,
): Promise<T> {
  await makeFolder(instance);
  const unlock = await takeLock(join(instance.folder, 'change.lock'), {
    wait: true,
    onWait: () => report(`waiting for another command on instance ${instance.name}`),
  });
  try {
    return await action();
  } finally {
    await unlock?.();
  }
}

/** The provider that started what an instance has; undefined when nothing was started. */
async function findProvider(services: Services, instance: Instance): Promise<Provider | undefined> {
  const state = await readState(instance);
  if (state === undefined) return undefined;
  return state.provider === 'docker'
    ? createDockerProvider(services.repository, services.report)
    : createDebianProvider(services.report);
}

async function chooseProvider({ repository, report }: Services): Promise<Provider> {
  const againstDocker = await whyDockerIsUnavailable();
  if (againstDocker === undefined) return createDockerProvider(repository, report);
  const againstDebian = await whyDebianIsUnavailable();
  if (againstDebian === undefined) return createDebianProvider(report);
  throw new Unavailable('there is no way here to have Redis and MongoDB', {
    hint: [
      `Docker can't be used: ${againstDocker}.`,
      `Debian's packages can't be used: ${againstDebian}.`,
      WAYS_OUT,
    ].join('\n'),
  });
}
