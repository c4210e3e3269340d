import { Cancelled, InvalidInput } from '../../core/errors.ts';
import type { InputStream, OutputStream } from '../dependencies.ts';

const longestSecret = 8192;

export interface SecretSource {
  readonly stdin: InputStream;
  readonly stderr: OutputStream;
  /** The name of the secret, in prompts and errors: `API key`. */
  readonly label: string;
}

/**
 * Reads a secret from standard input: all of it without the blanks and the byte order mark around it, or hidden
 * input at a terminal. `InvalidInput` when it is empty or contains characters that no secret has.
 */
export async function readSecret(source: SecretSource): Promise<string> {
  const text = source.stdin.isTTY === true ? await promptUnseen(source) : await readAll(source);
  const secret = text.trim();
  if (secret === '') {
    throw new InvalidInput(`No ${source.label} came on standard input.`, {
      hint: 'Pipe it in, for example: rollcall … --api-key-stdin < key-file',
    });
  }
  // Anything else can't be sent in a header, and pasted line breaks are the usual reason.
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new InvalidInput(
      `The ${source.label} on standard input has a space, a line break or another character that none has.`,
      { hint: 'Give the secret alone, on one line.' },
    );
  }
  return secret;
}

async function readAll({ stdin, label }: SecretSource): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.length > longestSecret) {
      throw new InvalidInput(`What came on standard input is too long for the ${label}.`, {
        hint: 'Give the secret alone, on one line.',
      });
    }
  }
  return text;
}

/** The characters that keys send in a terminal's raw mode. */
const keys = { enter: /[\r\n]/, interrupt: '\u0003', end: '\u0004', erase: /[\b\u007f]/ } as const;

async function promptUnseen({ stdin, stderr, label }: SecretSource): Promise<string> {
  stderr.write(`${label} (not shown): `);
  stdin.setRawMode?.(true);
  stdin.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = '';
      const finish = (complete: () => void): void => {
        stdin.off('data', listen);
        stdin.off('end', end);
        complete();
      };
      const end = (): void => finish(() => resolve(typed));
      const listen = (chunk: Buffer | string): void => {
        for (const key of chunk.toString()) {
          if (key === keys.interrupt) {
            finish(() => reject(new Cancelled(`No ${label} was given.`)));
            return;
          }
          if (key === keys.end || keys.enter.test(key)) {
            end();
            return;
          }
          typed = keys.erase.test(key) ? typed.slice(0, -1) : typed + key;
        }
      };
      stdin.on('data', listen);
      stdin.on('end', end);
    });
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    stderr.write('\n');
  }
}

/** Options that would carry a secret on the command line, where every process can read it. */
const secretOption = /^--?(?:api-?key|client-?secret|secret|password|token)(?:-stdin)?(?:=|$)/i;
const stdinFlags = new Set(['--api-key-stdin', '--client-secret-stdin']);

/** Refuses secrets in arguments, without repeating them. */
export function refuseSecretArguments(args: readonly string[]): void {
  const offender = args.find((arg) => secretOption.test(arg) && !stdinFlags.has(arg));
  if (offender === undefined) return;
  const [option] = offender.split('=');
  throw new InvalidInput(`${option} can't be used: secrets are not taken as arguments.`, {
    hint: 'Other processes can read arguments. Use --api-key-stdin or --client-secret-stdin and give the secret on standard input.',
  });
}
