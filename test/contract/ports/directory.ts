import { SourceError } from '../../../src/core/errors.ts';
import type { SourceDirectory, WalkEnd } from '../../../src/ports/directory.ts';

/** A directory with users and a group, and the true data about them. */
export interface DirectoryUnderTest {
  readonly organizationId: string;
  connect(): SourceDirectory;
  /** The ids of all users, ascending. */
  ids(): readonly string[];
  emailOf(id: string): string;
  remove(id: string): void;
  group(): { readonly id: string; readonly name: string; readonly members: readonly string[] };
  close(): Promise<void>;
}

export async function walk(directory: SourceDirectory) {
  const ids: string[] = [];
  const pages = directory.walkUsers();
  for (;;) {
    const next = await pages.next();
    if (next.done) return { ids, end: next.value satisfies WalkEnd };
    ids.push(...next.value.users.map(({ externalId }) => externalId));
  }
}

/** What every directory guarantees without faults. */
export function describeDirectory(open: () => Promise<DirectoryUnderTest>): void {
  let source: DirectoryUnderTest;
  beforeEach(async () => {
    source = await open();
  });
  afterEach(() => source.close());

  it('returns the organizations that the credential can see', async () => {
    const organizations = await source.connect().organizations();
    expect(organizations.map(({ id }) => id)).toEqual([source.organizationId]);
  });

  it('lists all users in order, each once', async () => {
    const { ids, end } = await walk(source.connect());
    expect(ids).toEqual(source.ids());
    const total = ids.length;
    expect(end).toMatchObject({ broken: null, totalBefore: total, totalAfter: total });
  });

  it('lists an empty directory', async () => {
    for (const id of source.ids()) source.remove(id);
    const { ids, end } = await walk(source.connect());
    expect(ids).toEqual([]);
    expect(end).toMatchObject({ broken: null, totalAfter: 0 });
  });

  it('gives the same user by id as in the listing', async () => {
    const directory = source.connect();
    const first = await directory.walkUsers().next();
    const [listed] = first.done ? [] : first.value.users;
    await expect(directory.getUser(listed?.externalId ?? '')).resolves.toEqual({
      found: true,
      user: listed,
    });
  });

  it('says that a user does not exist', async () => {
    const [gone = ''] = source.ids();
    source.remove(gone);
    await expect(source.connect().getUser(gone)).resolves.toEqual({ found: false });
  });

  it('lists the users of some ids, and no other', async () => {
    const [gone = '', one = '', other = ''] = source.ids();
    source.remove(gone);
    const directory = source.connect();
    await expect(directory.listByIds([one])).resolves.toEqual(new Set([one]));
    await expect(directory.listByIds([gone])).resolves.toEqual(new Set());
    await expect(directory.listByIds([one, gone, other])).resolves.toEqual(new Set([one, other]));
  });

  it('finds a user by e-mail, in any case of letters, and gives the same user as by id', async () => {
    const [, wanted = ''] = source.ids();
    const directory = source.connect();
    const found = await directory.findByEmail(source.emailOf(wanted).toUpperCase());
    expect(found.map(({ externalId }) => externalId)).toEqual([wanted]);
    await expect(directory.getUser(wanted)).resolves.toEqual({ found: true, user: found[0] });
  });

  it('finds no user by an unknown address', async () => {
    await expect(source.connect().findByEmail('nobody@nowhere.example')).resolves.toEqual([]);
  });

  it('finds groups by name and id', async () => {
    const { id, name } = source.group();
    const resolved = await source.connect().resolveGroups([name, id]);
    expect([...resolved]).toEqual([
      [name, id],
      [id, id],
    ]);
  });

  it('says which group is missing', async () => {
    const { name } = source.group();
    const missing = source.connect().resolveGroups([name, `${name}x`]);
    await expect(missing).rejects.toBeInstanceOf(SourceError);
    await expect(missing).rejects.toMatchObject({ kind: 'fatal', code: 'group-missing' });
    await expect(missing).rejects.toThrow(`${name}x`);
  });

  it('lists the members of a group, and the groups of a user', async () => {
    const directory = source.connect();
    const { id, members } = source.group();
    const found: string[] = [];
    for await (const page of directory.walkGroupMembers(id)) found.push(...page);
    expect(found.toSorted()).toEqual([...members].sort());
    await expect(directory.groupsOf(members[0] ?? '')).resolves.toContain(id);
    const outsider = source.ids().find((person) => !members.includes(person)) ?? '';
    await expect(directory.groupsOf(outsider)).resolves.not.toContain(id);
  });
}
