import type { ConnectOptions, SourceDirectory } from '../ports/directory.ts';
import type { RequestEvent } from './http/client.ts';

/** How this installation reaches directories. */
export interface DirectorySettings {
  /** Replaces the origin of the region's console and API; `/api…` is appended. */
  readonly consoleUrl?: string | undefined;
  /** Replaces the origin where service accounts get their tokens. */
  readonly oauthUrl?: string | undefined;
  /** A run gives up when no request to its directory has succeeded for so long. */
  readonly retryBudgetMs: number;
}

/** What a directory needs of the world around it. */
export interface DirectoryContext {
  readonly settings: DirectorySettings;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
}

/** A kind of directory: what a folder here provides. `InvalidInput` when it can't be signed in to this way. */
export interface DirectoryProvider {
  connect(options: ConnectOptions, context: DirectoryContext): SourceDirectory;
}
