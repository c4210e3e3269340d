import type { Command } from 'commander';
import { addCommand, type Context, withPorts } from '../context.ts';
import type { ApplyOptions } from './store-apply-file.ts';

export function addStoreApply(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'apply <name>',
    summary: 'configure a store from a file: mapping, settings, criteria, schedule, safeguards',
    examples: [
      'rollcall store apply acme -f acme.yaml --preview   # the members it would change',
      'rollcall store apply acme -f acme.yaml',
      'echo \'schedule: { enabled: true, frequency: daily, time: "02:00", timezone: UTC }\' | rollcall store apply acme -f -',
    ],
  })
    .requiredOption('-f, --file <file>', 'a YAML file; - reads standard input')
    .option('--preview', 'only show what changes, and the members that the next run would change')
    .action((name: string, options: ApplyOptions) =>
      withPorts(context, async (connected) => {
        // Loaded only here: the parsers of YAML and of expressions would slow every store command down.
        const { applyFile } = await import('./store-apply-file.ts');
        await applyFile(connected, name, options);
      }),
    );
}
