import type { Command } from 'commander';
import { shellWord } from '../../core/shell-word.ts';
import { readAddress } from '../../manage/find.ts';
import {
  type Erased,
  eraseMember,
  findErasable,
  wordNaming,
} from '../../manage/members/erase-member.ts';
import type { AbsentExplanation } from '../../why/explain-absent.ts';
import { addCommand, type ConnectedToDatabase, type Context, withDatabase } from '../context.ts';
import { plural } from '../views/words.ts';

export function addMembersErase(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'erase <email>',
    summary: 'delete a member and all records about it, for good',
    examples: [
      'rollcall members erase ada@example.com   # what would be erased',
      'rollcall members erase ada@example.com --yes',
    ],
  })
    .option('--yes', 'do it; without this nothing is changed')
    .action((text: string, options: { readonly yes?: true }) => {
      const email = readAddress(text);
      return withDatabase(context, (connected) =>
        options.yes === true ? erase(connected, email) : ask(connected, email),
      );
    });
}

async function ask({ context, ports }: ConnectedToDatabase, email: string): Promise<void> {
  const found = await findErasable(ports, email);
  const known = { erased: false, ...countsOf(found) };
  const { configurations } = found;
  await context.output.answer({ ...known, runs: [], directories: [], configurations }, () => [
    `Would erase ${wordsFor(known)} of ${email}.`,
    ...copyLines(known),
    ...configurationLines(configurations),
    'It can’t be undone. Backups made until now keep it.',
    'A directory that still has them brings them back: the next run creates them anew.',
  ]);
  context.output.note(
    `Nothing was changed. Erase them with: rollcall members erase ${shellWord(email)} --yes`,
  );
  context.setExitCode(2);
}

async function erase({ context, ports }: ConnectedToDatabase, email: string): Promise<void> {
  const done = await eraseMember(ports, { email, actor: context.actor });
  const { runs, configurations } = done;
  const known = { erased: true, ...countsOf(done) };
  // Loaded only here: it brings the parser of expressions.
  const { explainPerson } = await import('../../why/explain-person.ts');
  const explained = await explainPerson(ports, { email, store: null, field: 'status' });
  const directories = explained.kind === 'absent' ? explained.stores : [];
  const document = {
    ...known,
    runs: runs.map(({ id }) => id),
    directories: directories.map(({ store, reason }) => ({
      store: store.id,
      storeName: store.name,
      reason,
    })),
    configurations,
  };
  await context.output.answer(document, () => [
    `Erased ${wordsFor(known)} of ${email}.`,
    ...copyLines(known),
    ...configurationLines(configurations),
    ...(runs.length === 0
      ? []
      : [
          `That a person was erased is stored in ${runs.map(({ id }) => `run ${id}`).join(', ')}, without the name.`,
        ]),
    ...directories.flatMap(returnLines),
  ]);
}

type Counts = Readonly<Record<'members' | 'records' | 'copies' | 'mentions', number>>;

function countsOf({
  members,
  recordIds,
  copies,
  mentions,
}: Pick<Erased, 'members' | 'recordIds' | 'copies' | 'mentions'>): Counts {
  return {
    members: members.length,
    records: recordIds.length,
    copies: copies.length,
    mentions: mentions.length,
  };
}

/** Where other people's data have the address. */
function copyLines({ copies, mentions }: Counts): readonly string[] {
  if (copies + mentions === 0) return [];
  return [
    `The address is also in ${plural(copies, 'other member')}, such as one whose manager it names, and in ${plural(mentions, 'record')} about others: those values are emptied.`,
  ];
}

function configurationLines(configurations: Erased['configurations']): readonly string[] {
  if (configurations.length === 0) return [];
  return [
    ...configurations.map(wordNaming),
    'Take it out before you erase: docs/runbooks/erase-a-person.md',
  ];
}

function wordsFor({ members, records }: { readonly members: number; readonly records: number }) {
  return `${plural(members, 'member')} and what ${plural(records, 'record')} ${records === 1 ? 'says' : 'say'}`;
}

/** What would create the member again. */
function returnLines({ store, source, reason }: AbsentExplanation): readonly string[] {
  if (source.is === 'absent') return [`${store.name}: its directory does not have them.`];
  const says = `${store.name}: ${reason.message.replace(/[.]$/, '')}.`;
  if (source.is !== 'found') {
    return [says, 'If its directory still has them, the next run creates them anew.'];
  }
  return [
    says,
    'Its directory still has them: unless they are removed there or out of scope, a run brings them back.',
  ];
}
