import type { Command } from 'commander';
import { findStore, readAddress, readField } from '../../manage/find.ts';
import { whyJson } from '../../presenters/why.ts';
import { addCommand, type Context, withDatabase } from '../context.ts';
import { absentSections } from '../views/why-absent-view.ts';
import { memberSections } from '../views/why-member-view.ts';
import type { Section } from '../views/why-view.ts';

export function addMembersWhy(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'why <email> [field]',
    summary:
      'explain where a field or the status of a member comes from, or why a person is no member; changes nothing',
    examples: [
      'rollcall members why ada@example.com',
      'rollcall members why ada@example.com department',
      'rollcall members why ada@example.com status --json',
      'rollcall members why bob@example.com --store acme',
    ],
  })
    .option('--store <name>', 'only by what one store says')
    .action((email: string, field: string | undefined, options: { readonly store?: string }) => {
      const person = readAddress(email);
      const asked = field === undefined ? null : readField(field);
      return withDatabase(context, async ({ ports }) => {
        const store = options.store === undefined ? null : await findStore(ports, options.store);
        // Loaded only here: the parser of expressions would slow every members command down.
        const { explainWhy } = await import('../../manage/members/explain-why.ts');
        const why = await explainWhy(ports, { email: person, asked, store });
        const now = ports.clock.now();
        await answer(context, whyJson(why), () =>
          why.kind === 'member' ? memberSections(why, now) : absentSections(why, now),
        );
      });
    });
}

async function answer(
  { output }: Context,
  document: object,
  sections: () => readonly Section[],
): Promise<void> {
  if (output.json) return output.answer(document, () => []);
  for (const section of sections()) {
    if ('show' in section) await section.show((table) => output.table(table));
    else if (section.lines.length > 0) await output.answer(document, () => section.lines);
  }
}
