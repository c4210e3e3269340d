import { z } from 'zod';
import type { Connection, Credential } from '../../core/model/store.ts';
import type { Directories, DirectoryProfile } from '../../ports/directory.ts';
import { idText, tokenLife } from './shared.ts';

/** A body names its directory; the fields of the directory's own connection are beside. */
interface ConnectionBody {
  readonly directory: string;
  readonly orgId?: string | undefined;
  readonly credential: Credential;
}

interface StoreBody extends Omit<ConnectionBody, 'credential'> {
  readonly name: string;
  readonly via: 'api' | 'scim';
  readonly sameOrganization: boolean;
  readonly credential?: Credential | undefined;
  readonly expiresInMs?: number | undefined;
}

/** A field of the bodies that can give a store an organization. */
export const sameOrganizationSchema = z
  .boolean()
  .default(false)
  .meta({ description: 'Whether another store may read the same organization.' });

/** A directory to connect to. */
export function connectionBodySchema({ all }: Directories): z.ZodType<ConnectionBody> {
  const bodies = all.map((profile) => z.strictObject(connectionShape(profile)));
  return oneOf(bodies) as z.ZodType<ConnectionBody>;
}

/** A store to add. */
export function storeBodySchema({ all }: Directories): z.ZodType<StoreBody> {
  const bodies = all.map((profile) =>
    z
      .strictObject({
        name: z.string().max(256),
        ...connectionShape(profile),
        via: z
          .enum(['api', 'scim'])
          .default('api')
          .meta({ description: 'Whether it is asked, or pushes over SCIM.' }),
        credential: profile.credentialSchema
          .optional()
          .meta({ description: 'May be left out for a directory that pushes.' }),
        expiresInMs: tokenLife,
        sameOrganization: sameOrganizationSchema,
      })
      .refine(({ via, credential }) => via === 'scim' || credential !== undefined, {
        path: ['credential'],
        error: 'is needed for a directory that is asked',
      }),
  );
  return oneOf(bodies) as z.ZodType<StoreBody>;
}

/** How to sign in to whichever directory a store has. */
export function anyCredentialSchema({ all }: Directories): z.ZodType<Credential> {
  const schemas: readonly z.ZodType[] = all.map(({ credentialSchema }) => credentialSchema);
  return (schemas.length === 1 ? schemas[0] : z.union(schemas)) as z.ZodType<Credential>;
}

/** The fields of a body that are of its directory's connection. */
export function connectionOf(
  directories: Directories,
  body: ConnectionBody | StoreBody,
): Connection {
  const { shape } = directories.of(body.directory).connectionSchema;
  const fields = Object.entries(body).filter(([name]) => Object.hasOwn(shape, name));
  return Object.fromEntries(fields);
}

function connectionShape({ kind, connectionSchema, credentialSchema }: DirectoryProfile) {
  return {
    directory: z.enum([kind]),
    ...connectionSchema.shape,
    orgId: idText.optional().meta({ description: 'For credentials that can see several.' }),
    credential: credentialSchema,
  };
}

/** Told apart by the directory that each names. A document shows no choice where there is one alone. */
function oneOf(bodies: readonly z.ZodObject[]): z.ZodType | undefined {
  return bodies.length === 1
    ? bodies[0]
    : z.discriminatedUnion('directory', bodies as [z.ZodObject, ...z.ZodObject[]]);
}
