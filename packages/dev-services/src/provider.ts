import type { Instance, ServiceName, ServiceUris } from './instance.ts';

/** Tells a person on stderr what takes long. */
export type Report = (line: string) => void;

/** A way to have Redis and MongoDB on this machine. */
export interface Provider {
  /** Starts what isn't running, and gives where. Harmless on a running instance; leaves alone what runs of a half-dead one. */
  readonly start: (instance: Instance) => Promise<ServiceUris>;
  /** Where a wholly running instance is; undefined when any part of it doesn't run. */
  readonly find: (instance: Instance) => Promise<ServiceUris | undefined>;
  /** Stops all that was started. Harmless when nothing runs. */
  readonly stop: (instance: Instance) => Promise<void>;
  /** Ends one of the two without warning; its data stay, and so does what the database has acknowledged. */
  readonly kill: (instance: Instance, service: ServiceName) => Promise<void>;
  /** Deletes the data of a stopped instance. */
  readonly deleteData: (instance: Instance) => Promise<void>;
}
