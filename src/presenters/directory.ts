import { z } from 'zod';
import { InvalidInput } from '../core/errors.ts';
import { choicesOf } from '../core/schema-choices.ts';
import type { DirectoryProfile } from '../ports/directory.ts';
import { rule } from './configuration.ts';

const field = z.object({
  name: z.string(),
  label: z.string().nullable(),
  summary: z.string().nullable(),
  secret: z.boolean(),
  choices: z.array(z.string()).nullable().meta({ description: 'Null: any text.' }),
  default: z.string().nullable().meta({ description: 'Null: the field is needed.' }),
});

const signIn = z.object({
  type: z.string().meta({ description: 'The `type` of the credential.' }),
  label: z.string().nullable(),
  needs: z.string().nullable(),
  fields: z.array(field),
  refused: z
    .array(
      z.object({
        field: z.string(),
        value: z.string(),
        reason: z.string(),
        hint: z.string().nullable(),
      }),
    )
    .meta({
      description: 'Choices of the connection that this way to sign in does not work with.',
    }),
});

export const directorySchema = z
  .object({
    kind: z.string(),
    name: z.string(),
    capabilities: z.object({
      pull: z.boolean(),
      push: z.boolean(),
      groups: z.boolean(),
      connectionTest: z.boolean(),
    }),
    connection: z.array(field).meta({ description: 'The fields that say where it is.' }),
    signIns: z.array(signIn).meta({ description: 'The ways to sign in to it.' }),
    defaultMapping: z.record(z.string(), rule),
    knownAttributes: z.array(z.string()).meta({
      description: 'Paths that a mapping and criteria can name before any user was read.',
    }),
  })
  .meta({ id: 'Directory', description: 'A kind of directory that a store can have.' });

type DirectoryJson = z.output<typeof directorySchema>;
type FieldJson = DirectoryJson['connection'][number];

/** A kind of directory, as forms need it. */
export function directoryJson(profile: DirectoryProfile): DirectoryJson {
  const { kind, name, capabilities, knownAttributes, words } = profile;
  const fieldsOf = (shape: Readonly<Record<string, z.ZodType>>): FieldJson[] =>
    Object.entries(shape).map(([key, schema]) => {
      const fallback = schema.safeParse(undefined).data;
      return {
        name: key,
        label: words.fields[key]?.name ?? null,
        summary: words.fields[key]?.summary ?? null,
        secret: schema.meta()?.['writeOnly'] === true,
        choices: choicesOf(schema)?.slice() ?? null,
        default: typeof fallback === 'string' ? fallback : null,
      };
    });
  const connection = fieldsOf(profile.connectionSchema.shape);
  return {
    kind,
    name,
    capabilities: { ...capabilities },
    connection,
    signIns: profile.credentialSchema.options.map(({ shape: { type: typeSchema, ...shape } }) => {
      const type = choicesOf(typeSchema as z.ZodType)?.[0] ?? '';
      return {
        type,
        label: words.signIns[type]?.noun ?? null,
        needs: words.signIns[type]?.needs ?? null,
        fields: fieldsOf(shape as Readonly<Record<string, z.ZodType>>),
        refused: refusedChoices(profile, { type, connection }),
      };
    }),
    // The model's union of exact types, readonly throughout, as the schema's plain objects.
    defaultMapping: structuredClone(profile.defaultMapping) as DirectoryJson['defaultMapping'],
    knownAttributes: [...knownAttributes],
  };
}

/** Tries each choice alone: the others have their defaults. */
function refusedChoices(
  { checkSignIn }: DirectoryProfile,
  { type, connection }: { readonly type: string; readonly connection: readonly FieldJson[] },
) {
  const defaults = Object.fromEntries(connection.map((each) => [each.name, each.default ?? '']));
  return connection.flatMap(({ name, choices }) =>
    (choices ?? []).flatMap((value) => {
      try {
        checkSignIn(type, { ...defaults, [name]: value });
        return [];
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        return [{ field: name, value, reason: error.message, hint: error.hint ?? null }];
      }
    }),
  );
}
