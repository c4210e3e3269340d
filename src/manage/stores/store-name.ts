import { InvalidInput } from '../../core/errors.ts';
import { describeHidden } from '../../core/hidden-characters.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { caselessKey } from '../../core/same-name.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';

const longestName = 64;

/** A name that can be shown on one line and typed again; `InvalidInput` otherwise. */
export function checkStoreName(name: string): void {
  const hidden = describeHidden(name);
  const length = Array.from(name).length;
  const wrong =
    length === 0 || length > longestName
      ? `it has ${length} characters`
      : hidden !== null
        ? `it has ${hidden}`
        : name !== name.trim()
          ? 'it begins or ends with a blank'
          : null;
  if (wrong === null) return;
  throw new InvalidInput(`This can't be the name of a store: ${wrong}.`, {
    hint: `A name has 1 to ${longestName} characters, each of which can be seen, and no blank around it.`,
  });
}

/** Refuses the name of another store with `InvalidInput`, whatever the case of its letters. */
export async function refuseTakenName(
  { stores }: { readonly stores: Pick<DirectoryStores, 'list'> },
  name: string,
  renamed?: DirectoryStore,
): Promise<void> {
  const key = caselessKey(name);
  const other = (await stores.list()).find(
    (store) => caselessKey(store.name) === key && store.id !== renamed?.id,
  );
  if (other === undefined) return;
  throw new InvalidInput(`A directory store named ${JSON.stringify(other.name)} exists already.`, {
    hint: 'Choose another name, or see what is there with: rollcall store list',
  });
}
