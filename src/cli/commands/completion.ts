import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { readCommands } from '../completion/read-commands.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { addCommand, type Context, readChoice } from '../context.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const shells = ['bash', 'zsh', 'fish'] as const satisfies (keyof typeof scripts)[];
type Shell = (typeof shells)[number];

export function addCompletion(program: Command, context: Context): void {
  addCommand(program, {
    usage: 'completion',
    summary: 'print a script that completes commands and options in a shell',
    examples: [
      'source <(rollcall completion bash)   # in ~/.bashrc',
      'source <(rollcall completion zsh)    # in ~/.zshrc, after compinit',
      'rollcall completion fish > ~/.config/fish/completions/rollcall.fish',
    ],
  })
    .addArgument(
      new Argument('<shell>', 'the shell that loads it')
        .choices(shells)
        .argParser((value: string) => readChoice('The shell', value, shells)),
    )
    .action(async (shell: Shell) => {
      const script = scripts[shell](readCommands(program));
      const { output } = context;
      if (output.json) return output.answer({ shell, script }, () => []);
      await output.write(script);
    });
}
