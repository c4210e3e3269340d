import { type DirectoryUnderTest, describeDirectory } from '../../contract/ports/directory.ts';
import { MemoryDirectory } from '../../fakes/memory-directory.ts';

async function open(): Promise<DirectoryUnderTest> {
  const directory = new MemoryDirectory();
  const people = Array.from({ length: 10 }, (_, at) => ({
    id: `u${10 + at}`,
    email: `User${at}@acme.test`,
  }));
  directory.set(...people.toReversed());
  directory.groups.set('g1', { name: 'Engineers', members: new Set(['u11', 'u10']) });
  directory.groups.set('g2', { name: 'Sales', members: new Set(['u12']) });
  return {
    organizationId: directory.orgId,
    connect: () => directory,
    ids: () => [...directory.people.keys()].sort(),
    emailOf: (id) => directory.people.get(id)?.email ?? '',
    remove: (id) => void directory.people.delete(id),
    group: () => ({ id: 'g1', name: 'Engineers', members: ['u10', 'u11'] }),
    close: async () => undefined,
  };
}

describe('the directory in memory', () => {
  describeDirectory(open);
});
