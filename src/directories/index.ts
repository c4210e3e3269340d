import { setTimeout } from 'node:timers/promises';
import type { DirectoryKind } from '../core/model/store.ts';
import type { ConnectDirectory } from '../ports/directory.ts';
import type { DirectoryContext, DirectoryProvider, DirectorySettings } from './directory.ts';
import { jumpcloud } from './jumpcloud/index.ts';

/** Every directory Rollcall can read. The contract suite tests each of them. */
const providers: Readonly<Record<DirectoryKind, DirectoryProvider>> = { jumpcloud };

/**
 * Builds what opens directories for runs. `onRequest` hears of every attempt at a source, for metrics; what it
 * is told has no ids in it. `now` is in milliseconds.
 */
export function createConnectDirectory(
  settings: DirectorySettings,
  deps: Pick<DirectoryContext, 'now' | 'random' | 'onRequest'>,
): ConnectDirectory {
  return (options) => providers[options.directory].connect(options, { ...deps, settings, pause });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // It rejects only when aborted, and whoever waits looks at the signal next.
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
