import { emailKeyOf } from '../../core/email.ts';
import type { Member } from '../../core/model/member.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Ports } from '../../ports/index.ts';
import type { Finding } from '../dependencies.ts';
import { plural } from '../views/words.ts';
import { good } from './finding.ts';

const mostListed = 20;
const mostWithoutClaim = 1000;

/** Conflicts over an address are reported by every run; a list of all of them only here. */
export async function checkAddresses(
  { members }: Pick<Ports, 'members'>,
  stores: readonly DirectoryStore[],
): Promise<readonly Finding[]> {
  const without = await members.withoutClaim(mostWithoutClaim);
  const keyOf = ({ fields }: Member): string => emailKeyOf(fields.email ?? '');
  const owners = new Map(
    (await members.byEmailKeys(without.map(keyOf))).map((owner) => [owner.emailKey, owner]),
  );
  const names = new Map(stores.map(({ id, name }) => [id, name]));
  const describe = ({ id, fields, storeId }: Member): string =>
    `${fields.email} (${storeId === null ? `member ${id}` : `${id} of store ${names.get(storeId) ?? storeId}`})`;
  const lines = without.flatMap((member) => {
    const owner = owners.get(keyOf(member));
    return owner === undefined ? [] : [`${describe(member)}: it belongs to ${describe(owner)}`];
  });
  if (lines.length === 0) return [];
  const listed = lines.slice(0, mostListed);
  const more = lines.length > mostListed ? ['and more'] : [];
  const count =
    more.length > 0 ? `more than ${mostListed} members` : plural(lines.length, 'member');
  const title = `${count} without a claim on the address, which another member has`;
  const advice =
    'Give each person an address of their own in the directory, or remove the account that is too many there, and sync. ' +
    'Until then all of them stay as they are, and each run reports a conflict.';
  return [{ ...good('addresses', [title, ...listed, ...more].join('\n')), advice }];
}
