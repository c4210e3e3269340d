import { Argument, type Command } from 'commander';
import { addCommand, type Context, readChoice } from '../context.ts';
import { type ServeRole, serveRoles } from '../dependencies.ts';

export function addServe(program: Command, context: Context): void {
  addCommand(program, {
    usage: 'serve',
    summary: 'run a process until SIGTERM: the API, a worker, or both in one',
    examples: ['rollcall serve all', 'rollcall serve worker'],
  })
    .addArgument(
      new Argument('<role>', 'what it does')
        .choices(serveRoles)
        .argParser((value: string) => readChoice('The role', value, serveRoles)),
    )
    .action((role: ServeRole) => context.deps.serve(role));
}
