import { InvalidInput } from './errors.ts';

/** Runs `make`; puts `where` before every line of an `InvalidInput` that it throws. */
export function within<Made>(where: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const lines = error.message.split('\n').map((line) => `${where}: ${line}`);
    throw new InvalidInput(lines.join('\n'), { cause: error });
  }
}

/**
 * Runs `make`. If it throws `InvalidInput`, adds the lines to `complaints` and returns undefined,
 * so that the caller gets all mistakes at once.
 */
export function collect<Made>(complaints: string[], make: () => Made): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    complaints.push(error.message);
    return undefined;
  }
}

/** Throws an `InvalidInput` that lists the complaints, a line each, when there are any. */
export function refuse(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new InvalidInput(complaints.join('\n'));
}
