import type { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { type AuditAction, type AuditEntry, auditActions } from '../../core/model/audit.ts';
import { auditOf } from '../../manage/audit/read-audit.ts';
import { findStore } from '../../manage/find.ts';
import { auditEntryJson } from '../../presenters/audit.ts';
import { addCommand, type Context, choiceOption, withDatabase } from '../context.ts';
import { changeText, exactTime } from '../views/words.ts';

interface ListOptions {
  readonly store?: string;
  readonly by?: string;
  readonly action?: AuditAction;
}

/** `audit`: the changes and their actors. */
export function addAudit(program: Command, context: Context): void {
  const audit = program.command('audit').description('see who changed what, when and from where');
  addCommand(audit, {
    usage: 'list',
    summary: 'list changes of configuration, sign-ins, decisions and tokens, newest first',
    examples: [
      'rollcall audit list --store acme',
      'rollcall audit list --by cli:ada --json',
      'rollcall audit list --action token-created',
    ],
  })
    .option('--store <name>', 'only what is about one store')
    .option('--by <who>', 'only what one person did: cli:USER or token:NAME')
    .addOption(choiceOption('--action <action>', 'only one kind', auditActions))
    .action((options: ListOptions) => list(context, options));
}

function list(context: Context, { store, by, action }: ListOptions): Promise<void> {
  return withDatabase(context, async ({ ports }) => {
    const storeId = store === undefined ? undefined : (await findStore(ports, store)).id;
    await context.output.list<AuditEntry>({
      items: auditOf(ports.audit, defined({ storeId, by, actions: action && [action] })),
      json: auditEntryJson,
      empty: 'Nothing was audited.',
      columns: [
        { title: 'WHEN', value: ({ at }) => exactTime(at) },
        { title: 'WHO', value: ({ by: who }) => who },
        { title: 'FROM', value: ({ from }) => from, leaveOut: 2 },
        {
          title: 'WHAT',
          value: ({ action: what, outcome }) =>
            outcome === 'done' ? what : `${what} (${outcome})`,
          style: ({ outcome }) => (outcome === 'done' ? undefined : 'yellow'),
        },
        { title: 'STORE', value: ({ storeName, storeId }) => storeName ?? storeId ?? '–' },
        { title: 'RUN', value: ({ runId }) => runId ?? '–', leaveOut: 1 },
        { title: 'CHANGES', value: describe },
      ],
    });
  });
}

function describe({ error, changes }: AuditEntry): string {
  const words = changes.map(({ path, from, to }) =>
    from === null ? `${path}: ${to ?? 'unset'}` : `${path}: ${changeText(from, to, 'unset')}`,
  );
  return [...(error === null ? [] : [error]), ...words].join('; ');
}
