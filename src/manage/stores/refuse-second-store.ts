import { InvalidInput } from '../../core/errors.ts';
import type { Organization } from '../../ports/directory.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';

/** Refuses an organization that another store reads, with `InvalidInput`, unless a second one was asked for. */
export async function refuseSecondStore(
  { stores }: { readonly stores: Pick<DirectoryStores, 'list'> },
  {
    directory,
    organization,
    sameOrganization = false,
  }: {
    readonly directory: string;
    readonly organization: Organization;
    readonly sameOrganization?: boolean | undefined;
  },
): Promise<void> {
  if (sameOrganization) return;
  const { id, name } = organization;
  const other = (await stores.list()).find(
    (store) => store.directory === directory && store.orgId === id,
  );
  if (other === undefined) return;
  throw new InvalidInput(
    `The store ${JSON.stringify(other.name)} reads the organization ${name} (${id}) already.`,
    {
      hint: 'A person is a member of one store, and a conflict in every other one: the criteria of both must part the users. To add it all the same, say so (--same-organization, sameOrganization).',
    },
  );
}
