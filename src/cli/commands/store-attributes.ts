import type { Command } from 'commander';
import type { MappableAttribute } from '../../core/mapping/mappable-attributes.ts';
import { isFieldName, memberFields } from '../../core/model/fields.ts';
import { inlineYaml } from '../../core/store-file/inline-yaml.ts';
import { findStore } from '../../manage/find.ts';
import { addCommand, type Context, withDatabase } from '../context.ts';
import { plural } from '../views/words.ts';

export function addStoreAttributes(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'attributes <name>',
    summary: 'list what a mapping can read: the attributes of the first page of users',
    examples: ['rollcall store attributes acme', 'rollcall store attributes acme --json'],
  }).action((name: string) =>
    withDatabase(context, async ({ ports }) => {
      const store = await findStore(ports, name);
      // Loaded only here: the parser of expressions would slow every store command down.
      const { seeAttributes } = await import('../../manage/stores/try-source.ts');
      const { users, attributes } = await seeAttributes(ports, store);
      const { output } = context;
      if (output.json) {
        const head = { store: store.id, storeName: store.name, users, fields: memberFields };
        return output.objectWithList(head, 'attributes', {
          items: attributes,
          json: (attribute) => attribute,
        });
      }
      await output.table({
        items: attributes,
        columns: [
          { title: 'RULE', value: ruleOf, cutLast: true },
          { title: 'USERS', value: ({ users: count }) => `${count} of ${users}`, whole: true },
          { title: 'MEMBER FIELD', value: ({ mappedTo }) => mappedTo.join(', ') || '–' },
          { title: 'EXAMPLES', value: ({ examples }) => examples.join(', ') || '–', leaveOut: 1 },
        ],
        empty: 'Its users have no attributes.',
      });
      for (const line of describeUse(store.name, users, attributes)) output.note(line);
    }),
  );
}

/** As a store file has it. */
function ruleOf({ kind, name }: MappableAttribute): string {
  return inlineYaml({ [kind]: name });
}

function describeUse(
  store: string,
  users: number,
  attributes: readonly MappableAttribute[],
): readonly string[] {
  const free = attributes.filter(
    ({ mappedTo, users: count }) => mappedTo.length === 0 && count > 0,
  );
  const example = free.find(({ kind }) => kind === 'custom') ?? free[0];
  const read = `Of the first ${plural(users, 'user')}. An attribute that a user lacks is blank.`;
  if (example === undefined) return ['', read];
  return [
    '',
    read,
    `To map one more, add to the mapping that store show ${store} --config prints, and store apply it:`,
    '  mapping:',
    `    ${fieldFor(example)}: ${ruleOf(example)}`,
  ];
}

/** A field of one's own is named like its attribute where it can be. */
function fieldFor({ name }: MappableAttribute): string {
  const field = `custom.${name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '')}`;
  return isFieldName(field) ? field : 'custom.NAME';
}
