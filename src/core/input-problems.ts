import { InvalidInput } from './errors.ts';

/**
 * Runs `make`. What it refuses with `InvalidInput` is added to `complaints`, a line each, led by
 * `where`; it then answers undefined. So a person learns of all mistakes at once.
 */
export function collect<Made>(
  complaints: string[],
  where: string,
  make: () => Made,
): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const lead = where === '' ? '' : `${where}: `;
    complaints.push(...error.message.split('\n').map((line) => `${lead}${line}`));
    return undefined;
  }
}

/** Throws an `InvalidInput` that lists the complaints, when there are any. */
export function refuse(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new InvalidInput(complaints.join('\n'));
}
