import type { Command } from 'commander';
import type { Member } from '../../core/model/member.ts';
import { findStore, storeNames } from '../../manage/find.ts';
import {
  findGroup,
  type GroupView,
  viewGroupMembers,
  viewGroups,
} from '../../manage/groups/view-groups.ts';
import { viewMembers } from '../../manage/members/view-members.ts';
import { groupJson } from '../../presenters/group.ts';
import { memberJson } from '../../presenters/member.ts';
import { addCommand, type ConnectedToDatabase, type Context, withDatabase } from '../context.ts';
import type { Column } from '../terminal/table.ts';
import { formatPairs } from '../terminal/table.ts';
import { exactTime, plural } from '../views/words.ts';

/** `groups`: the groups of stores, and who is in them. */
export function addGroups(program: Command, context: Context): void {
  const groups = program.command('groups').description('see groups and who is in them');
  addCommand(groups, {
    usage: 'list',
    summary: 'list all groups, by store and source id',
    examples: ['rollcall groups list', 'rollcall groups list --store acme --json'],
  })
    .option('--store <name>', 'only those of one store')
    .action((options: { readonly store?: string }) =>
      withDatabase(context, (connected) => listGroups(connected, options.store)),
    );
  addCommand(groups, {
    usage: 'show <id|name>',
    summary: 'show one group',
    examples: ['rollcall groups show Engineers', 'rollcall groups show Engineers --members --json'],
  })
    .option('--store <name>', 'of this store, where several have such a group')
    .option('--members', 'also its members, by source id')
    .action((wanted: string, options: ShowOptions) =>
      withDatabase(context, (connected) => showGroup(connected, wanted, options)),
    );
}

interface ShowOptions {
  readonly store?: string;
  readonly members?: true;
}

async function listGroups(
  { context, ports }: ConnectedToDatabase,
  store: string | undefined,
): Promise<void> {
  const storeId = store === undefined ? undefined : (await findStore(ports, store)).id;
  await context.output.list<GroupView>({
    items: viewGroups(ports, storeId),
    json: groupJson,
    empty: 'There is no group. A store syncs groups once its file says: groups: { sync: true }',
    columns: [
      { title: 'ID', value: ({ group }) => group.externalId, whole: true },
      { title: 'NAME', value: ({ group }) => group.name, cutLast: true },
      {
        title: 'STATUS',
        value: ({ group }) => group.status ?? 'not synced',
        style: ({ group }) => (group.status === 'staged' ? 'yellow' : undefined),
        whole: true,
      },
      { title: 'MEMBERS', value: ({ members }) => members.toLocaleString('en') },
      {
        title: 'STORE',
        value: ({ storeName }) => storeName ?? '–',
        ...(storeId !== undefined && { leaveOut: 1 }),
      },
    ],
  });
}

async function showGroup(
  { context: { output }, ports }: ConnectedToDatabase,
  wanted: string,
  { store, members: withMembers = false }: { store?: string; members?: boolean },
): Promise<void> {
  const storeId = store === undefined ? undefined : (await findStore(ports, store)).id;
  const view = await findGroup(ports, wanted, storeId);
  const head = groupJson(view);
  if (!withMembers || !output.json) await output.answer(head, () => describeGroup(view));
  if (!withMembers) return;
  const people = membersOf(ports, view);
  if (output.json) {
    const items = viewMembers(ports.members, await storeNames(ports), people);
    // The number of members has that key already.
    return output.objectWithList(head, 'people', { items, json: memberJson });
  }
  await output.write('\n');
  await output.table({ items: people, columns: memberColumns, empty: 'No member is in it.' });
}

const memberColumns: readonly Column<Member>[] = [
  { title: 'EMAIL', value: ({ fields }) => fields.email ?? '–', cutLast: true },
  { title: 'SOURCE ID', value: ({ externalId }) => externalId ?? '–', leaveOut: 1 },
  {
    title: 'STATUS',
    value: ({ status }) => status,
    style: ({ status }) => (status === 'active' ? 'green' : 'yellow'),
  },
];

const pageSize = 500;

async function* membersOf(
  ports: ConnectedToDatabase['ports'],
  view: GroupView,
): AsyncGenerator<Member> {
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof viewGroupMembers>> = await viewGroupMembers(ports, view, {
      after,
      limit: pageSize,
    });
    for (const { member } of page) if (member !== null) yield member;
    if (page.length < pageSize) return;
    after = page.at(-1)?.externalId ?? null;
  }
}

function describeGroup({ group, storeName, members }: GroupView): readonly string[] {
  return formatPairs([
    ['Group', group.name],
    ['Id', group.externalId],
    ['Store', storeName ?? '–'],
    ['Status', group.status ?? 'not synced'],
    ['Members', plural(members, 'member')],
    ['Found', exactTime(group.createdAt)],
    ['Changed', exactTime(group.updatedAt)],
  ]);
}
