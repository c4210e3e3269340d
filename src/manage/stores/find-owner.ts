import { InvalidInput } from '../../core/errors.ts';
import { hasExpired } from '../../core/token-expiry.ts';
import type { Ports } from '../../ports/index.ts';
import { nameOfToken, nameOfUser } from '../access/sessions.ts';

const hint = 'Name the id of a token, or of a person, of the role owner or admin.';

/** The actor with this id, who can own a store. `InvalidInput` for one who could not act on it. */
export async function findOwner(
  ports: Pick<Ports, 'tokens' | 'people' | 'clock'>,
  id: string,
): Promise<string> {
  const person = await ports.people.get(id.replace(/^user:/, ''));
  if (person !== null) {
    if (person.role === 'owner' || person.role === 'admin') return nameOfUser(person.id);
    const role = person.role === null ? 'has no role here' : 'is a viewer';
    throw new InvalidInput(`This person ${role}, and a store's owner must be able to act.`, {
      hint,
    });
  }
  const token = await ports.tokens.get(id);
  if (token === null || token.role === 'viewer') {
    throw new InvalidInput(
      token === null
        ? `There is no token ${JSON.stringify(id)}.`
        : `${JSON.stringify(token.name)} is a viewer, and a store's owner must be able to act.`,
      { hint },
    );
  }
  if (hasExpired(token, ports.clock.now())) {
    throw new InvalidInput(`The token ${JSON.stringify(token.name)} has expired.`, {
      hint: "Name one that works: a store's owner must be able to act.",
    });
  }
  return nameOfToken(token);
}
