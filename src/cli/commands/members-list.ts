import type { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { InvalidInput } from '../../core/errors.ts';
import { type Member, type MemberStatus, memberStatuses } from '../../core/model/member.ts';
import { findStore, storeNames } from '../../manage/find.ts';
import { exportMembers } from '../../manage/members/export-members.ts';
import { type MemberView, viewMembers } from '../../manage/members/view-members.ts';
import type { MemberListFilter } from '../../ports/members.ts';
import { memberJson } from '../../presenters/member.ts';
import { membersCsv } from '../../presenters/members-csv.ts';
import {
  addCommand,
  type ConnectedToDatabase,
  type Context,
  choiceOption,
  withDatabase,
} from '../context.ts';
import type { Column } from '../terminal/table.ts';
import { describeStatus } from '../views/describe-status.ts';
import { plural } from '../views/words.ts';
import { wholeNumber } from '../whole-number.ts';

interface FilterOptions {
  readonly store?: string;
  readonly status?: MemberStatus;
}

interface ListOptions extends FilterOptions {
  readonly search?: string;
  readonly limit?: number;
}

export function addMembersList(members: Command, context: Context): void {
  const list = addCommand(members, {
    usage: 'list',
    summary: 'list all members, by source id',
    examples: [
      'rollcall members list --store acme',
      'rollcall members list --search ada --limit 20',
      'rollcall members list --status inactive --json',
    ],
  });
  addFilters(list)
    .option(
      '--search <text>',
      'only those in whose name, address or employee id words begin like this',
      readSearch,
    )
    .option('--limit <n>', 'no more than the first n', wholeNumber('--limit', limits))
    .action((options: ListOptions) =>
      withDatabase(context, (connected) => listMembers(connected, options)),
    );
  const exported = addCommand(members, {
    usage: 'export',
    summary: 'write all members as a CSV file to standard output, by source id',
    examples: [
      'rollcall members export > members.csv',
      'rollcall members export --store acme --status active > acme.csv',
    ],
  });
  addFilters(exported).action((options: FilterOptions) =>
    withDatabase(context, (connected) => exportFile(connected, options)),
  );
}

const limits = { from: 1, to: 999_999_999 };
const longestSearch = 256;

function readSearch(text: string): string {
  if (text.length > 0 && text.length <= longestSearch) return text;
  throw new InvalidInput(`--search has ${text.length} characters.`, {
    hint: `Give the beginnings of words of a name, an address or an employee id: 1 to ${longestSearch} characters.`,
  });
}

function addFilters(command: Command): Command {
  return command
    .option('--store <name>', 'only those of one store')
    .addOption(choiceOption('--status <status>', 'only those of one status', memberStatuses));
}

async function listMembers(
  { context, ports }: ConnectedToDatabase,
  { store, status, search, limit = Number.POSITIVE_INFINITY }: ListOptions,
): Promise<void> {
  const storeId = store === undefined ? undefined : (await findStore(ports, store)).id;
  const filter: MemberListFilter = defined({ storeId, status, search });
  const names = await storeNames(ports);
  const shown = { count: 0 };
  const items = viewMembers(ports.members, names, first(limit, ports.members.list(filter), shown));
  await context.output.list<MemberView>({
    items,
    json: memberJson,
    empty: 'No members.',
    columns: columnsFor({ isOneStore: store !== undefined || names.size < 2 }),
  });
  if (shown.count === 0) return;
  const total = shown.count < limit ? shown.count : await ports.members.count(filter);
  const part = shown.count < total ? `${shown.count.toLocaleString('en')} of ` : '';
  context.output.note(`${part}${plural(total, 'member')}.`);
}

async function* first(
  limit: number,
  members: AsyncIterable<Member>,
  shown: { count: number },
): AsyncGenerator<Member> {
  for await (const member of members) {
    yield member;
    shown.count += 1;
    if (shown.count === limit) return;
  }
}

/** With `--json` the same members as JSON: it leaves Rollcall, and is audited, just the same. */
async function exportFile(
  { context, ports }: ConnectedToDatabase,
  { store, status }: FilterOptions,
): Promise<void> {
  const storeId = store === undefined ? undefined : (await findStore(ports, store)).id;
  const { views, customFields } = await exportMembers(
    ports,
    defined({ storeId, status }),
    context.actor,
  );
  const { output } = context;
  if (!output.json) return output.file(membersCsv(views, customFields));
  await output.list({ items: views, json: memberJson, empty: '', columns: [] });
}

function columnsFor({
  isOneStore,
}: {
  readonly isOneStore: boolean;
}): readonly Column<MemberView>[] {
  return [
    { title: 'EMAIL', value: ({ member }) => member.fields.email ?? '–', cutLast: true },
    { title: 'NAME', value: ({ member }) => nameOf(member) },
    { title: 'DEPARTMENT', value: ({ member }) => member.fields.department ?? '–', leaveOut: 3 },
    {
      title: 'STATUS',
      value: ({ member }) => describeStatus(member),
      style: ({ member }) => (member.status === 'active' ? 'green' : 'yellow'),
      whole: true,
    },
    {
      title: 'STORE',
      value: ({ storeName }) => storeName ?? '–',
      ...(isOneStore && { leaveOut: 2 }),
    },
    {
      title: 'SOURCE ID',
      value: ({ member }) => member.externalId ?? '–',
      whole: true,
      leaveOut: 1,
    },
  ];
}

function nameOf({ fields: { firstName, lastName, displayName } }: Member): string {
  const parts = [firstName, lastName].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' ') : (displayName ?? '–');
}
