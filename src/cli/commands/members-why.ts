import type { Command } from 'commander';
import { InvalidInput } from '../../core/errors.ts';
import { type FieldName, isFieldName, memberFields } from '../../core/model/fields.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { didYouMean } from '../../core/suggest.ts';
import { findStore, readAddress, storeNames } from '../../manage/find.ts';
import { viewMembers } from '../../manage/members/view-members.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import type { Ports } from '../../ports/index.ts';
import { absentWhyJson, memberWhyJson } from '../../presenters/why.ts';
import type { AbsentExplanation } from '../../why/explain-absent.ts';
import type { MemberExplanation } from '../../why/explain-member.ts';
import { explainPerson } from '../../why/explain-person.ts';
import { addCommand, type Context, withPorts } from '../context.ts';
import { absentSections } from '../views/why-absent-view.ts';
import { memberSections } from '../views/why-member-view.ts';
import type { Section } from '../views/why-view.ts';

/** `members why`. */
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
      const question = { email: readAddress(email), field: readField(field) };
      return withPorts(context, async (ports) => {
        const store = options.store === undefined ? null : await findStore(ports, options.store);
        await explain({ context, ports, question: { ...question, store } });
      });
    });
}

function readField(name: string | undefined): FieldName | 'status' | null {
  if (name === undefined) return null;
  if (name === 'status' || isFieldName(name)) return name;
  const fields = [...memberFields, 'status'];
  throw new InvalidInput(
    `Members have no field ${JSON.stringify(name)}.${didYouMean(name, fields)}`,
    { hint: `There are ${fields.join(', ')}; fields of your own are called custom.NAME.` },
  );
}

interface Asking {
  readonly context: Context;
  readonly ports: Ports;
}

async function explain({
  context,
  ports,
  question,
}: Asking & {
  readonly question: {
    readonly email: string;
    readonly field: FieldName | 'status' | null;
    readonly store: DirectoryStore | null;
  };
}): Promise<void> {
  const { email, field } = question;
  const explained = await explainPerson(ports, { ...question, field: field ?? 'status' });
  if (explained.kind === 'member') {
    return answerMember({ context, ports, explained, email, asked: field });
  }
  return answerAbsent({ context, ports, stores: explained.stores, email });
}

async function answerMember({
  context,
  ports,
  explained,
  email,
  asked,
}: Asking & {
  readonly explained: MemberExplanation;
  readonly email: string;
  readonly asked: string | null;
}): Promise<void> {
  const { member, store } = explained;
  const names = await storeNames(ports);
  const storeView = store === null ? null : await viewStore(ports, store);
  for await (const view of viewMembers({ members: ports.members, names, list: [member] })) {
    const why = { email, asked, explained, view, storeView };
    await answer(context, memberWhyJson(why), () => memberSections(why, ports.clock.now()));
  }
}

async function answerAbsent({
  context,
  ports,
  stores,
  email,
}: Asking & {
  readonly stores: readonly AbsentExplanation[];
  readonly email: string;
}): Promise<void> {
  const whys = await Promise.all(
    stores.map(async (explained) => ({
      explained,
      storeView: await viewStore(ports, explained.store),
    })),
  );
  await answer(context, absentWhyJson(email, whys), () =>
    absentSections(email, whys, ports.clock.now()),
  );
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
