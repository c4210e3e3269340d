import { setTimeout } from 'node:timers/promises';
import { ConfigError } from '../core/errors.ts';
import { createWays } from '../outgoing/ways.ts';
import type { ConnectDirectory, ConnectPushed, Directories } from '../ports/directory.ts';
import type { ScimStore } from '../ports/scim.ts';
import type { DirectoryContext, DirectoryProvider, DirectorySettings } from './directory.ts';
import * as registry from './registry.ts';
import { openPushed } from './scim/index.ts';

const providers: readonly DirectoryProvider[] = Object.values(registry);

function providerOf(kind: string): DirectoryProvider {
  const found = providers.find((provider) => provider.kind === kind);
  if (found !== undefined) return found;
  throw new ConfigError(`This release reads no directory of the kind ${JSON.stringify(kind)}.`);
}

export const directories: Directories = {
  all: providers,
  kinds: providers.map(({ kind }) => kind),
  of: providerOf,
};

/** The settings of an installation that replace the origins of directories. */
export const originSettings: DirectoryProvider['originSettings'] = Object.assign(
  {},
  ...providers.map((provider) => provider.originSettings),
);

/** All origins that directories may be asked at. */
export function originsOf(replaced: DirectorySettings['origins']): readonly string[] {
  return [...new Set(providers.flatMap(({ origins }) => origins(replaced)))];
}

/**
 * Returns the function that opens directories for runs. `onRequest` gets an event for every attempt at a source, for
 * metrics, without any ids. `now` is in milliseconds.
 */
export function createConnectDirectory(
  settings: DirectorySettings,
  deps: Pick<DirectoryContext, 'now' | 'random' | 'onRequest'>,
): ConnectDirectory {
  const { proxies } = settings;
  const wayTo = proxies && createWays(proxies, { keepAlive: true });
  return (options) => {
    const profile = providerOf(options.directory);
    return { ...profile.connect(options, { ...deps, settings, wayTo, pause }), profile };
  };
}

/** Returns the function that opens a store's pushed users and groups as a directory. */
export function createConnectPushed(scim: ScimStore): ConnectPushed {
  return ({ id, directory }) => openPushed(scim, id, providerOf(directory));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // It rejects only when aborted, and callers check the signal next.
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
