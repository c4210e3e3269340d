import { parseAddressToFind } from '../core/email.ts';
import { InvalidInput, NotFound } from '../core/errors.ts';
import { type FieldName, isFieldName, memberFields } from '../core/model/fields.ts';
import type { Member } from '../core/model/member.ts';
import type { Run } from '../core/model/run.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Ports } from '../ports/index.ts';

/** The directory store of this name; `NotFound` suggests the closest name. */
export async function findStore(
  ports: Pick<Ports, 'stores'>,
  name: string,
): Promise<DirectoryStore> {
  const store = await ports.stores.byName(name);
  if (store !== null) return store;
  const names = (await ports.stores.list()).map((other) => other.name);
  throw new NotFound(
    `No directory store is named ${JSON.stringify(name)}.${didYouMean(name, names)}`,
    {
      hint:
        names.length === 0
          ? 'There is none yet. Add one with: rollcall store add NAME --directory jumpcloud --api-key-stdin'
          : 'See all with: rollcall store list',
    },
  );
}

/** The directory store with this id; `NotFound` otherwise. */
export async function findStoreById(
  ports: Pick<Ports, 'stores'>,
  id: string,
): Promise<DirectoryStore> {
  const store = await ports.stores.get(id);
  if (store !== null) return store;
  throw new NotFound(`There is no directory store ${JSON.stringify(id)}.`);
}

/** The run with this id; `NotFound` otherwise. */
export async function findRun(ports: Pick<Ports, 'runs'>, id: string): Promise<Run> {
  const run = await ports.runs.get(id);
  if (run !== null) return run;
  throw new NotFound(`There is no run ${JSON.stringify(id)}.`, {
    hint: 'A run goes by its whole id. See all with: rollcall runs list',
  });
}

/** An e-mail address in the form that identifies a member; `InvalidInput` when it is none. */
export function readAddress(text: string): string {
  const address = parseAddressToFind(text);
  if (address.ok) return address.email;
  throw new InvalidInput(`${JSON.stringify(text)} is no e-mail address: ${address.reason}.`, {
    hint: 'People go by their address: ada@example.com',
  });
}

/** A member field, or `status`; `InvalidInput` for anything else. */
export function readField(name: string): FieldName | 'status' {
  if (name === 'status' || isFieldName(name)) return name;
  const fields = [...memberFields, 'status'];
  throw new InvalidInput(
    `Members have no field ${JSON.stringify(name)}.${didYouMean(name, fields)}`,
    { hint: `There are ${fields.join(', ')}; fields of your own are called custom.NAME.` },
  );
}

/** The member that holds this address; `NotFound` otherwise, `InvalidInput` when it is no address. */
export async function findMember(ports: Pick<Ports, 'members'>, email: string): Promise<Member> {
  const address = parseAddressToFind(email);
  if (!address.ok) {
    throw new InvalidInput(`${JSON.stringify(email)} names no member: ${address.reason}.`, {
      hint: 'Members go by their address: ada@example.com',
    });
  }
  const member = await ports.members.byEmailKey(address.key);
  if (member !== null) return member;
  throw new NotFound(`No member has the address ${email}.`, {
    hint: 'See all with: rollcall members list',
  });
}

/** The member with this id; `NotFound` otherwise. */
export async function findMemberById(ports: Pick<Ports, 'members'>, id: string): Promise<Member> {
  const member = await ports.members.get(id);
  if (member !== null) return member;
  throw new NotFound(`There is no member ${JSON.stringify(id)}.`);
}

/** The names of all stores by their ids. */
export async function storeNames(
  ports: Pick<Ports, 'stores'>,
): Promise<ReadonlyMap<string, string>> {
  return new Map((await ports.stores.list()).map(({ id, name }) => [id, name]));
}
