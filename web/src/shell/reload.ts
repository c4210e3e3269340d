/** A file of the console that the server no longer has, or that could not be loaded. */
export class MissingFile extends Error {}

/** Loads a file of the console. */
export async function loadFile<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new MissingFile('A file of this page could not be loaded.', { cause });
  }
}

/** Functions that save to the tab's storage what a reload would lose. */
export const beforeReload = new Set<() => void>();

export function reload(): void {
  for (const keep of beforeReload) keep();
  location.reload();
}

/** The drafts of a tab that is reloaded. */
export const keptDrafts = 'drafts';

/** The person who signs in next must not find the drafts of the one before. */
export const forgetKept = (): void => sessionStorage.removeItem(keptDrafts);
