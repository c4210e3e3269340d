/** The errors that stop a command. Messages are for people; each kind has the exit code that sysexits.h gives it. */
export abstract class ServicesError extends Error {
  abstract readonly exitCode: number;
  /** What would be right; shown beneath the message. */
  readonly hint: string | undefined;
  constructor(message: string, options: { readonly cause?: unknown; readonly hint?: string } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The command line is wrong. */
export class InvalidInput extends ServicesError {
  override readonly exitCode = 2;
}

/** The environment names one server of two. */
export class ConfigError extends ServicesError {
  override readonly exitCode = 78;
}

/** Redis and MongoDB are not available here, or did not start. */
export class Unavailable extends ServicesError {
  override readonly exitCode = 69;
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
