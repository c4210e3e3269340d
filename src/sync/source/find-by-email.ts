import { emailKeyOf } from '../../core/email.ts';
import { SourceError } from '../../core/errors.ts';
import type { OpenExpressions } from '../../core/mapping/expression.ts';
import { openMapping } from '../../core/mapping/map-user.ts';
import { isUnreadable, type ListedUser } from '../../core/model/source-user.ts';
import type { Mapping, MappingRule } from '../../core/model/store-config.ts';
import type { SourceDirectory } from '../../ports/directory.ts';

/**
 * All users of the source that have an address, or get it from the mapping, ascending by id. Empty only when all
 * users were read: a `SourceError` otherwise.
 */
export async function findAtSource(
  directory: Pick<SourceDirectory, 'profile' | 'findByEmail' | 'walkUsers'>,
  {
    mapping,
    email,
    known,
    open,
  }: {
    readonly mapping: Mapping;
    readonly email: string;
    readonly known: string | null;
    readonly open: OpenExpressions;
  },
): Promise<readonly ListedUser[]> {
  const { emailOf, defaultMapping } = directory.profile;
  const rule = mapping.email;
  const attribute = attributeOf(rule);
  if (attribute !== null && attribute === attributeOf(defaultMapping.email)) {
    return directory.findByEmail(email, known);
  }
  const mapEmails = openMapping(rule === undefined ? {} : { email: rule }, open);
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
    const readable = users.flatMap((user) => (isUnreadable(user) ? [] : [user]));
    const mapped = await mapEmails(readable);
    for (const [at, user] of readable.entries()) {
      const off = mapped[at]?.problems.find(({ isOff }) => isOff);
      if (off !== undefined) throw incompleteListing(off.message);
      const addresses = [emailOf(user.record), mapped[at]?.values.email];
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
