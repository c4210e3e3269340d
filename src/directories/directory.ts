import type { ProxySettings, WayTo } from '../outgoing/ways.ts';
import type { ConnectOptions, DirectoryProfile, SourceDirectory } from '../ports/directory.ts';
import type { RequestEvent } from './http/client.ts';

/** How this installation reaches directories. */
export interface DirectorySettings {
  /** Origins that replace those of directories, by the name of their setting. */
  readonly origins: Readonly<Record<string, string | undefined>>;
  /** A run gives up when no request to its directory has succeeded for this long. */
  readonly retryBudgetMs: number;
  /** The time limit of one request; 30 s without it. */
  readonly requestTimeoutMs?: number;
  /** A run fails when its directory takes longer in all. */
  readonly timeLimitMs?: number;
  /** A run fails when its directory lists more users, or more members of a group. */
  readonly mostUsers?: number;
  /** Requests go straight to directories without it. */
  readonly proxies?: ProxySettings;
}

/** The parts of its surroundings that a directory uses. */
export interface DirectoryContext {
  readonly settings: DirectorySettings;
  /** Requests go straight to their hosts without it. */
  readonly wayTo?: WayTo | undefined;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
}

interface OriginSetting {
  readonly description: string;
  readonly example: string;
  /** The origin without the setting, as documentation states it. */
  readonly defaultText: string;
}

/** A kind of directory: what a folder here provides. */
export interface DirectoryProvider extends DirectoryProfile {
  /** The settings of an installation that replace an origin, by their names. */
  readonly originSettings: Readonly<Record<string, OriginSetting>>;
  /** All origins that its stores may ask, where settings replace some. */
  readonly origins: (replaced: DirectorySettings['origins']) => readonly string[];
  /** `InvalidInput` when the directory does not support this sign-in. */
  connect(options: ConnectOptions, context: DirectoryContext): Omit<SourceDirectory, 'profile'>;
}
