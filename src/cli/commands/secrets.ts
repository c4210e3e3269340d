import type { Command } from 'commander';
import { reauthorizeHint } from '../../core/reauthorize-hint.ts';
import { type RotatedSecrets, rotateSecrets } from '../../manage/stores/rotate-secrets.ts';
import { addCommand, type Context, withDatabase } from '../context.ts';
import { plural } from '../views/words.ts';

/** `secrets`: the encryption of what stores sign in with. */
export function addSecrets(program: Command, context: Context): void {
  const secrets = program
    .command('secrets')
    .description('change the key that encrypts credentials');
  addCommand(secrets, {
    usage: 'rotate',
    summary: 'encrypt all stored credentials anew, with the first key of SECRETS_KEYS',
    examples: ['rollcall secrets rotate'],
  }).action(() =>
    withDatabase(context, async ({ ports }) => {
      const outcome = await rotateSecrets(ports, context.actor);
      const { rotated, current, unreadable } = outcome;
      for (const { store, error } of unreadable) {
        context.output.note(`${store.name}: ${error} ${reauthorizeHint(store.name)}`);
      }
      if (unreadable.length > 0) context.setExitCode(1);
      const lost = unreadable.map(({ store: { id, name }, error }) => {
        return { store: id, storeName: name, error };
      });
      await context.output.answer({ rotated, current, unreadable: lost }, () => describe(outcome));
    }),
  );
}

function describe({ rotated, current, unreadable }: RotatedSecrets): readonly string[] {
  const by = 'with the first key of SECRETS_KEYS';
  const lost = plural(unreadable.length, 'credential');
  return [
    `${plural(rotated, 'credential')} encrypted anew ${by}; ${current.toLocaleString('en')} had it already.`,
    unreadable.length === 0
      ? 'No other key is needed any more.'
      : `${lost} can't be decrypted, and ${unreadable.length === 1 ? 'stays as it is' : 'stay as they are'}.`,
  ];
}
