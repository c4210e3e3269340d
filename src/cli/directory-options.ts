import type { Command } from 'commander';
import type { z } from 'zod';
import { InvalidInput } from '../core/errors.ts';
import type { Connection } from '../core/model/store.ts';
import { choicesOf } from '../core/schema-choices.ts';
import type { Directories, DirectoryProfile } from '../ports/directory.ts';
import { type Context, readChoice } from './context.ts';

/** Options as they were given, by the names that commander gives them. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** A field of a connection or a credential. */
export interface Field {
  readonly name: string;
  readonly schema: z.ZodType;
}

export function fieldsOf(shape: Readonly<Record<string, z.ZodType>>): readonly Field[] {
  return Object.entries(shape).map(([name, schema]) => ({ name, schema }));
}

/** The fields that say where a directory is. */
export const connectionFields = ({ connectionSchema }: DirectoryProfile) =>
  fieldsOf(connectionSchema.shape);

/** `--client-id <id>`, or `--api-key-stdin` for a secret: no secret is an argument. */
export function flagOf({ name, schema }: Field): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return isSecret(schema) ? `--${words}-stdin` : `--${words} <${words.split('-').at(-1)}>`;
}

/** `--client-id` */
const optionOf = (field: Field) => flagOf(field).split(' ')[0] ?? '';

const isSecret = (schema: z.ZodType) => schema.meta()?.['writeOnly'] === true;

/** What was given for a field; undefined without its option. */
export function givenFor(options: GivenOptions, { name, schema }: Field): unknown {
  return options[isSecret(schema) ? `${name}Stdin` : name];
}

/** An option for every field that some kind of directory has; one that several have is of the first. */
export function addFieldOptions(
  command: Command,
  { all }: Directories,
  fieldsOfProfile: (profile: DirectoryProfile) => readonly Field[],
): Command {
  for (const profile of all) {
    for (const field of fieldsOfProfile(profile)) {
      const isThere = command.options.some(({ flags }) => flags === flagOf(field));
      if (!isThere) command.option(flagOf(field), describe(profile, field));
    }
  }
  return command;
}

/** The help names the default, but the option has none: another directory may have another default. */
function describe({ words }: DirectoryProfile, { name, schema }: Field): string {
  const choices = choicesOf(schema);
  const fallback = schema.safeParse(undefined).data;
  return [
    words.fields[name]?.summary,
    choices && `(${choices.join(', ')})`,
    fallback !== undefined && `(default: ${JSON.stringify(fallback)})`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The connection that options give, with its defaults; `InvalidInput` for an option that this kind does not have. */
export function readConnection(
  { all }: Directories,
  profile: DirectoryProfile,
  options: GivenOptions,
): Connection {
  const connection: Record<string, unknown> = {};
  for (const field of all.flatMap(connectionFields)) {
    const { [field.name]: value } = options;
    if (value === undefined) continue;
    const schema = profile.connectionSchema.shape[field.name];
    const choices = schema && choicesOf(schema);
    connection[field.name] =
      choices && typeof value === 'string' ? readChoice(optionOf(field), value, choices) : value;
  }
  const { data, error } = profile.connectionSchema.safeParse(connection);
  if (data !== undefined) return data;
  const problems = error?.issues.map(({ path, message }) => [...path, message].join(': ')) ?? [];
  throw new InvalidInput(
    `These options name no ${profile.kind} directory: ${problems.join('; ')}.`,
  );
}

/** What says where the directory is: a setting, or else the options. */
export function addressOf(
  { env }: Pick<Context['deps'], 'env'>,
  profile: DirectoryProfile,
): string {
  const origin = env[profile.originSetting] || undefined;
  if (origin !== undefined) return `${profile.originSetting} (${origin})`;
  return connectionFields(profile).map(optionOf).join(' and ');
}
