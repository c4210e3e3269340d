import type { Command } from 'commander';
import { recordOf } from '../../core/mail/domain-record.ts';
import type { MailDomain } from '../../core/model/mail-domain.ts';
import { addDomain, removeDomain, verifyDomain } from '../../manage/mail/domains.ts';
import { domainJson } from '../../presenters/mail-domain.ts';
import { addCommand, type Context, withDatabase } from '../context.ts';
import { shortRelativeTime } from '../views/words.ts';

/** `domains`: the domains whose addresses may get mail. */
export function addDomains(program: Command, context: Context): void {
  const domains = program
    .command('domains')
    .description('say to which domains mail may be sent, and prove it by DNS');
  addCommand(domains, {
    usage: 'add <domain>',
    summary: 'add a domain, and print the DNS record that verifies it',
    examples: ['rollcall domains add example.com'],
  }).action((text: string) =>
    withDatabase(context, async ({ ports }) => {
      const domain = await addDomain(ports, text, context.actor);
      await context.output.answer(domainJson(domain), () => recordLines(domain));
    }),
  );
  addCommand(domains, {
    usage: 'verify <domain>',
    summary: 'look the record up now; exit 0 verified, 1 not',
    examples: ['rollcall domains verify example.com'],
  }).action((text: string) =>
    withDatabase(context, async ({ ports }) => {
      const domain = await verifyDomain(ports, text, context.actor);
      if (domain.status !== 'verified' || domain.problem !== null) context.setExitCode(1);
      await context.output.answer(domainJson(domain), () => statusLines(domain));
    }),
  );
  addCommand(domains, {
    usage: 'list',
    summary: 'list domains, and whether they are verified',
    examples: ['rollcall domains list'],
  }).action(() => listDomains(context));
  addCommand(domains, {
    usage: 'remove <domain>',
    summary: 'remove a domain: its addresses get no more mail',
    examples: ['rollcall domains remove example.com'],
  }).action((text: string) =>
    withDatabase(context, async ({ ports }) => {
      const { id } = await removeDomain(ports, text, context.actor);
      await context.output.answer({ domain: id, removed: true }, () => [`Removed ${id}.`]);
    }),
  );
}

function recordLines(domain: MailDomain): readonly string[] {
  const { name, type, value } = recordOf(domain);
  return [
    `Add this record to the DNS of ${domain.id}:`,
    `  name   ${name}`,
    `  type   ${type}`,
    `  value  ${value}`,
    `Then run: rollcall domains verify ${domain.id}`,
  ];
}

function statusLines(domain: MailDomain): readonly string[] {
  const { id, status, problem } = domain;
  if (problem === null) return [`${id} is verified.`];
  const line = status === 'verified' ? `${id} is still verified. ${problem}` : problem;
  return status === 'verified' ? [line] : [line, ...recordLines(domain)];
}

function listDomains(context: Context): Promise<void> {
  return withDatabase(context, async ({ ports }) => {
    const now = ports.clock.now();
    await context.output.list<MailDomain>({
      items: await ports.domains.list(),
      json: domainJson,
      empty: 'There is no domain. Add one with: rollcall domains add DOMAIN',
      columns: [
        { title: 'DOMAIN', value: ({ id }) => id, whole: true },
        {
          title: 'STATUS',
          value: ({ status }) => status,
          style: ({ status }) => (status === 'lapsed' ? 'red' : undefined),
        },
        {
          title: 'CHECKED',
          value: ({ checkedAt }) =>
            checkedAt === null ? 'never' : shortRelativeTime(checkedAt, now),
        },
        { title: 'PROBLEM', value: ({ problem }) => problem ?? '–' },
      ],
    });
  });
}
