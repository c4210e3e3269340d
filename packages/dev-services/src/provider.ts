import type { Instance, ServiceName, ServiceUris } from './instance.ts';

/** Reports slow steps to the user on stderr. */
export type Report = (line: string) => void;

/** A way to have Redis and MongoDB on this machine. */
export interface Provider {
  /**
   * Starts the services that don't run, and returns the addresses. Harmless on a running instance;
   * leaves running services of a half-dead one alone.
   */
  readonly start: (instance: Instance) => Promise<ServiceUris>;
  /** The addresses of a wholly running instance; undefined when any part of it doesn't run. */
  readonly find: (instance: Instance) => Promise<ServiceUris | undefined>;
  /** Stops all that was started. Harmless when nothing runs. */
  readonly stop: (instance: Instance) => Promise<void>;
  /** Ends one of the two without warning; its data stay, and so do acknowledged writes. */
  readonly kill: (instance: Instance, service: ServiceName) => Promise<void>;
  /** Deletes the data of a stopped instance. */
  readonly deleteData: (instance: Instance) => Promise<void>;
}
