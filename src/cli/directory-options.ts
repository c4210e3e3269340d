import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { InvalidInput } from '../core/errors.ts';
import type { Connection } from '../core/model/store.ts';
import { choicesOf } from '../core/schema-choices.ts';
import type { Directories, DirectoryProfile } from '../ports/directory.ts';
import { type Context, choiceOption } from './context.ts';

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

const connectionFields = ({ connectionSchema }: DirectoryProfile) =>
  fieldsOf(connectionSchema.shape);

/** `--client-id <id>`, or `--api-key-stdin` for a secret: no secret is an argument. */
export function flagOf({ name, schema }: Field): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return isSecret(schema) ? `--${words}-stdin` : `--${words} <${words.split('-').at(-1)}>`;
}

const isSecret = (schema: z.ZodType) => schema.meta()?.['writeOnly'] === true;

/** What was given for a field; undefined without its option. */
export function givenFor(options: GivenOptions, { name, schema }: Field): unknown {
  return options[isSecret(schema) ? `${name}Stdin` : name];
}

/** An option for every field that some kind of directory has. */
export function addFieldOptions(
  command: Command,
  { all }: Directories,
  fieldsOfProfile: (profile: DirectoryProfile) => readonly Field[],
): Command {
  const options = new Map<string, { summary: string; schemas: z.ZodType[] }>();
  for (const profile of all) {
    for (const field of fieldsOfProfile(profile)) {
      const { summary = '' } = profile.words.fields[field.name] ?? {};
      const option = options.get(flagOf(field)) ?? { summary, schemas: [] };
      option.schemas.push(field.schema);
      options.set(flagOf(field), option);
    }
  }
  for (const [flags, { summary, schemas }] of options) {
    command.addOption(optionOf(flags, summary, schemas));
  }
  return command;
}

function optionOf(flags: string, summary: string, schemas: readonly z.ZodType[]): Option {
  const choices = schemas.map(choicesOf);
  const [fallback] = schemas.map((schema) => schema.safeParse(undefined).data);
  const option = choices.includes(undefined)
    ? new Option(flags, summary)
    : choiceOption(flags, summary, [...new Set(choices.flatMap((few) => few ?? []))]);
  // Commander itself is told no default: it may not be that of the directory that is added.
  if (fallback !== undefined) option.description += ` (default: ${JSON.stringify(fallback)})`;
  return option;
}

/** The options that say where a directory is. */
export function addConnectionOptions(command: Command, directories: Directories): Command {
  return addFieldOptions(command, directories, connectionFields);
}

/** The connection that options give, with its defaults; `InvalidInput` for what this kind of directory hasn't. */
export function readConnection(
  { all }: Directories,
  profile: DirectoryProfile,
  options: GivenOptions,
): Connection {
  const given = all
    .flatMap(connectionFields)
    .filter((field) => givenFor(options, field) !== undefined);
  const { data, error } = profile.connectionSchema.safeParse(
    Object.fromEntries(given.map((field) => [field.name, givenFor(options, field)])),
  );
  if (data !== undefined) return data;
  const problems = error?.issues.map(({ path, message }) => [...path, message].join(': ')) ?? [];
  throw new InvalidInput(`A ${profile.kind} directory is not found so: ${problems.join('; ')}.`);
}

/** What says where the directory is: a setting, or else the options. */
export function addressOf(
  { env }: Pick<Context['deps'], 'env'>,
  profile: DirectoryProfile,
): string {
  const origin = env[profile.originSetting] || undefined;
  if (origin !== undefined) return `${profile.originSetting} (${origin})`;
  return connectionFields(profile)
    .map((field) => flagOf(field).split(' ')[0])
    .join(' and ');
}
