import type { Command } from 'commander';
import { parseDurationMs } from '../../core/duration.ts';
import { type AccessToken, type TokenRole, tokenRoles } from '../../core/model/token.ts';
import { needsReplacing } from '../../core/token-expiry.ts';
import { checkTokenName, createToken, revokeToken } from '../../manage/access/tokens.ts';
import { tokenJson } from '../../presenters/token.ts';
import { addCommand, type Context, choiceOption, withDatabase } from '../context.ts';
import { exactTime, shortRelativeTime } from '../views/words.ts';

/** `token`: access to the API and the queue dashboard. */
export function addToken(program: Command, context: Context): void {
  const token = program.command('token').description('give out and revoke access tokens');
  addCommand(token, {
    usage: 'create',
    summary: 'make an access token; it is printed once',
    examples: [
      'rollcall token create --role viewer --name "the wall screen"',
      'rollcall token create --role admin --name deploy --expires 90d',
    ],
  })
    .addOption(choiceOption('--role <role>', 'what it may do', tokenRoles).makeOptionMandatory())
    .requiredOption('--name <name>', 'whose it is or what it is for')
    .option(
      '--expires <duration>',
      'how long it works, such as 12h or 90d; without it, until revoked',
    )
    .action((options: CreateOptions) => create(context, options));
  addCommand(token, {
    usage: 'list',
    summary: 'list access tokens, without their secrets',
    examples: ['rollcall token list'],
  }).action(() => listTokens(context));
  addCommand(token, {
    usage: 'revoke <id>',
    summary: 'end an access token',
    examples: ['rollcall token revoke ID'],
  }).action((id: string) =>
    withDatabase(context, async ({ ports }) => {
      await revokeToken(ports, id, context.actor);
      await context.output.answer({ id, revoked: true }, () => [`Revoked token ${id}.`]);
    }),
  );
}

interface CreateOptions {
  readonly role: TokenRole;
  readonly name: string;
  readonly expires?: string;
}

async function create(context: Context, { name, role, expires }: CreateOptions): Promise<void> {
  checkTokenName(name);
  const expiresInMs = expires === undefined ? undefined : parseDurationMs(expires);
  await withDatabase(context, async ({ ports }) => {
    const { token, secret } = await createToken(ports, { name, role, expiresInMs }, context.actor);
    await context.output.answer({ ...tokenJson(token), token: secret }, () => [secret]);
    context.output.note(
      `Token ${token.id} for ${name} (${role}${token.expiresAt === null ? '' : `, until ${exactTime(token.expiresAt)}`}). It is not shown again: keep it now.`,
    );
  });
}

function listTokens(context: Context): Promise<void> {
  return withDatabase(context, async ({ ports }) => {
    const now = ports.clock.now();
    await context.output.list<AccessToken>({
      items: await ports.tokens.list(),
      json: tokenJson,
      empty: 'There is no token. Make one with: rollcall token create --role viewer --name NAME',
      columns: [
        { title: 'ID', value: ({ id }) => id, whole: true },
        { title: 'NAME', value: ({ name }) => name },
        { title: 'ROLE', value: ({ role }) => role },
        { title: 'MADE', value: ({ createdAt }) => exactTime(createdAt), leaveOut: 1 },
        {
          title: 'LAST USED',
          value: ({ lastUsedAt }) =>
            lastUsedAt === null ? 'never' : shortRelativeTime(lastUsedAt, now),
        },
        {
          title: 'EXPIRES',
          value: ({ expiresAt }) =>
            expiresAt === null ? 'never' : shortRelativeTime(expiresAt, now),
          style: (token) => (needsReplacing(token, now) ? 'red' : undefined),
        },
      ],
    });
  });
}
