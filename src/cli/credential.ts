import type { z } from 'zod';
import { InvalidInput } from '../core/errors.ts';
import { sentence } from '../core/explain/source-now.ts';
import type { Connection, Credential } from '../core/model/store.ts';
import { choicesOf } from '../core/schema-choices.ts';
import type { Directories, DirectoryProfile } from '../ports/directory.ts';
import type { Context } from './context.ts';
import { type Field, fieldsOf, flagOf, type GivenOptions, givenFor } from './directory-options.ts';
import { readSecret } from './terminal/secrets.ts';

/** A way to sign in to a kind of directory. */
interface SignIn {
  readonly type: string;
  readonly fields: readonly Field[];
}

function signInsOf({ credentialSchema }: DirectoryProfile): readonly SignIn[] {
  return credentialSchema.options.map(({ shape: { type, ...fields } }) => ({
    type: choicesOf(type as z.ZodType)?.[0] ?? '',
    fields: fieldsOf(fields),
  }));
}

/** The fields that say how to sign in to a directory. */
export const credentialFields = (profile: DirectoryProfile) =>
  signInsOf(profile).flatMap(({ fields }) => fields);

const isGivenIn = (options: GivenOptions) => (field: Field) =>
  givenFor(options, field) !== undefined;

/** Whether any way to sign in to a directory was given. */
export function givesCredential({ all }: Directories, options: GivenOptions): boolean {
  return all.flatMap(credentialFields).some(isGivenIn(options));
}

/**
 * The way to sign in that the options give, before anything is asked or connected. `InvalidInput` when they give none,
 * several, or a part of one, or when it does not work there.
 */
export function chooseSignIn(
  profile: DirectoryProfile,
  connection: Connection,
  options: GivenOptions,
): SignIn {
  const isGiven = isGivenIn(options);
  const signIns = signInsOf(profile);
  const given = signIns.filter(({ fields }) => fields.some(isGiven));
  const wordsOf = ({ type }: SignIn) =>
    profile.words.signIns[type] ?? { noun: type, needs: 'all of its options' };
  const [signIn, another] = given;
  if (signIn === undefined || another !== undefined) {
    throw new InvalidInput(
      signIn === undefined
        ? 'No way to sign in was given.'
        : sentence(
            `${given.map((each) => wordsOf(each).noun).join(' and ')} are two ways to sign in`,
          ),
      { hint: `Give ${signIns.map((each) => flagsOf(each).join(' with ')).join(', or ')}.` },
    );
  }
  if (!signIn.fields.every(isGiven)) {
    const { noun, needs } = wordsOf(signIn);
    throw new InvalidInput(sentence(`${noun} needs ${needs}`), {
      hint: `Give both ${flagsOf(signIn).join(' and ')}.`,
    });
  }
  profile.checkSignIn(signIn.type, connection);
  return signIn;
}

const flagsOf = ({ fields }: SignIn) =>
  fields.map((field) => flagOf(field).replace(/<(.+)>/, (_, value: string) => value.toUpperCase()));

/** Reads the secrets that the options announce. */
export async function readCredential(
  { deps }: Pick<Context, 'deps'>,
  profile: DirectoryProfile,
  {
    signIn: { type, fields },
    options,
  }: { readonly signIn: SignIn; readonly options: GivenOptions },
): Promise<Credential> {
  const source = { stdin: deps.stdin, stderr: deps.stderr };
  const credential: Record<string, string> = {};
  for (const field of fields) {
    const given = givenFor(options, field);
    const { name: label = field.name } = profile.words.fields[field.name] ?? {};
    credential[field.name] =
      typeof given === 'string' ? given : await readSecret({ ...source, label });
  }
  return { ...credential, type };
}
