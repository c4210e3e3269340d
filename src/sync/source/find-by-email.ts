import { emailKeyOf } from '../../core/email.ts';
import { SourceError } from '../../core/errors.ts';
import { compileMapping } from '../../core/mapping/compile-mapping.ts';
import { mapUser } from '../../core/mapping/map-user.ts';
import { isUnreadable, type ListedUser } from '../../core/model/source-user.ts';
import type { Mapping, MappingRule } from '../../core/model/store-config.ts';
import type { SourceDirectory } from '../../ports/directory.ts';

/**
 * All users of the source that have an address, or get it from the mapping, ascending by id. Empty only when all
 * users were read: a `SourceError` otherwise.
 */
export async function findAtSource(
  directory: Pick<SourceDirectory, 'profile' | 'findByEmail' | 'walkUsers'>,
  { mapping, email }: { readonly mapping: Mapping; readonly email: string },
): Promise<readonly ListedUser[]> {
  const { emailOf, defaultMapping } = directory.profile;
  const rule = mapping.email;
  const attribute = attributeOf(rule);
  if (attribute !== null && attribute === attributeOf(defaultMapping.email)) {
    return directory.findByEmail(email);
  }
  const mapEmail = compileMapping(rule === undefined ? {} : { email: rule });
  const wanted = emailKeyOf(email);
  const found: ListedUser[] = [];
  let seen = 0;
  const pages = directory.walkUsers();
  for (;;) {
    const next = await pages.next();
    if (next.done) {
      const { broken, totalAfter } = next.value;
      const isComplete = broken === null && seen >= totalAfter;
      if (found.length === 0 && !isComplete) throw incompleteListing(broken);
      return found.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));
    }
    const { users, withoutId } = next.value;
    seen += users.length + withoutId;
    for (const user of users) {
      if (isUnreadable(user)) continue;
      const { values } = await mapUser(mapEmail, user);
      const addresses = [emailOf(user.record), values.email];
      const isWanted = (address: unknown): boolean =>
        typeof address === 'string' && emailKeyOf(address) === wanted;
      if (addresses.some(isWanted)) found.push(user);
    }
  }
}

/** Null unless the rule is a single attribute. */
function attributeOf(rule: MappingRule | undefined): string | null {
  return rule !== undefined && 'attribute' in rule ? rule.attribute : null;
}

function incompleteListing(broken: string | null): SourceError {
  const why = broken ?? 'it shows fewer than it counts';
  return new SourceError('retriable', 'source-failed', `it does not list its users whole: ${why}`);
}
