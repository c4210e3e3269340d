import { collapseSpaces } from './collapse-spaces.ts';
import { digits } from './digits.ts';
import { lowercase } from './lowercase.ts';
import { nfc } from './nfc.ts';
import { titlecase } from './titlecase.ts';
import { trim } from './trim.ts';
import { uppercase } from './uppercase.ts';

/** Changes a text; doing it twice must be the same as doing it once. */
export type Transform = (text: string) => string;

/** All transforms, by the names that mappings use. */
export const transforms: ReadonlyMap<string, Transform> = new Map([
  ['collapseSpaces', collapseSpaces],
  ['digits', digits],
  ['lowercase', lowercase],
  ['nfc', nfc],
  ['titlecase', titlecase],
  ['trim', trim],
  ['uppercase', uppercase],
]);
