import type { Command } from 'commander';
import type { Member } from '../../core/model/member.ts';
import { findMember } from '../../manage/find.ts';
import { addMember, setMemberStatus } from '../../manage/members/edit-member.ts';
import { type MemberView, viewMember } from '../../manage/members/view-members.ts';
import { memberJson } from '../../presenters/member.ts';
import { addCommand, type ConnectedToDatabase, type Context, withDatabase } from '../context.ts';
import { formatPairs } from '../terminal/table.ts';
import { describeStatus } from '../views/describe-status.ts';
import { exactTime, plural } from '../views/words.ts';
import { addMembersErase } from './members-erase.ts';
import { addMembersList } from './members-list.ts';
import { addMembersWhy } from './members-why.ts';

interface NewMemberOptions {
  readonly firstName: string;
  readonly lastName: string;
}

/** `members`: the members, and edits by hand. */
export function addMembers(program: Command, context: Context): void {
  const members = program.command('members').description('see members, and edit them by hand');
  addMembersList(members, context);
  addCommand(members, {
    usage: 'show <email>',
    summary: 'show one member',
    examples: ['rollcall members show ada@example.com'],
  }).action((email: string) =>
    withDatabase(context, async (connected) =>
      answer(connected, await findMember(connected.ports, email)),
    ),
  );
  addMembersWhy(members, context);
  addCommand(members, {
    usage: 'add <email>',
    summary: 'add a member by hand; a directory that has the same address adopts it later',
    examples: ['rollcall members add ada@example.com --first-name Ada --last-name Lovelace'],
  })
    .requiredOption('--first-name <name>', 'the first name')
    .requiredOption('--last-name <name>', 'the last name')
    .action((email: string, { firstName, lastName }: NewMemberOptions) =>
      withDatabase(context, async (connected) => {
        const person = { email, firstName, lastName, actor: context.actor };
        await answer(connected, await addMember(connected.ports, person));
      }),
    );
  for (const [verb, status] of [
    ['deactivate', 'inactive'],
    ['activate', 'active'],
  ] as const) {
    addCommand(members, {
      usage: `${verb} <email>`,
      summary: `make a member ${status} by hand; this outranks what the sync would do`,
      examples: [`rollcall members ${verb} ada@example.com`],
    }).action((email: string) =>
      withDatabase(context, async (connected) => {
        const member = await findMember(connected.ports, email);
        const said = { member, status, actor: context.actor };
        await answer(connected, await setMemberStatus(connected.ports, said));
      }),
    );
  }
  addMembersErase(members, context);
}

async function answer({ context, ports }: ConnectedToDatabase, member: Member): Promise<void> {
  const view = await viewMember(ports, member);
  await context.output.answer(memberJson(view), () => describeMember(view));
}

function describeMember({ member, storeName, managerEmail }: MemberView): readonly string[] {
  const { fields, custom } = member;
  const manager = fields.manager;
  return formatPairs([
    ...Object.entries(fields).filter(([name]) => name !== 'manager'),
    ['manager', manager === undefined ? null : (managerEmail ?? `${manager} (not a member)`)],
    ...Object.entries(custom).map(([name, value]) => [`custom.${name}`, value] as const),
    ['status', describeStatus(member)],
    ['groups', member.groups.length === 0 ? null : plural(member.groups.length, 'group')],
    ['roles', member.roles.map(({ role }) => role).join(', ') || null],
    ['store', storeName ?? 'none'],
    ['source id', member.externalId ?? 'never in a directory'],
    ['id', member.id],
    ['since', exactTime(member.createdAt)],
    ['changed', exactTime(member.updatedAt)],
  ]);
}
