import { randomUUID } from 'node:crypto';
import { Conflict, InvalidInput, NotFound } from '../../core/errors.ts';
import { describeHidden } from '../../core/hidden-characters.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { AccessToken, TokenRole } from '../../core/model/token.ts';
import { expiryAfter, hasExpired } from '../../core/token-expiry.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';

/** A name that can be shown on one line; `InvalidInput` otherwise. */
export function checkTokenName(name: string): void {
  const hidden = describeHidden(name);
  if (name.trim() !== '' && Array.from(name).length <= 64 && hidden === null) return;
  const why = hidden === null ? '' : ` It has ${hidden}.`;
  throw new InvalidInput(`This can't be the name of a token.${why}`, {
    hint: 'A name has 1 to 64 characters, each of which can be seen.',
  });
}

/** Makes an access token; its secret is returned this once. `Conflict` for a name that is taken. */
export async function createToken(
  ports: Pick<Ports, 'tokens' | 'audit' | 'clock'>,
  asked: {
    readonly name: string;
    readonly role: TokenRole;
    /** How long it works; without it, until it is revoked. */
    readonly expiresInMs?: number | undefined;
  },
  actor: Actor,
): Promise<{ readonly token: AccessToken; readonly secret: string }> {
  const { name, role } = asked;
  checkTokenName(name);
  const expiresAt = expiryAfter(ports.clock.now(), asked.expiresInMs);
  const given = { name, role, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
  const changes = Object.entries(given).map(([path, to]) => ({ path, from: null, to }));
  return audited(
    ports,
    { actor, action: 'token-created', changes },
    () => ports.tokens.create({ name, role, expiresAt }),
    ({ token }) => ({ tokenId: token.id }),
  );
}

/** When two calls revoke the last two owners at once, one must come second. */
const revocationLease = { storeId: 'tokens', ttlMs: 10_000 };

/** Ends an access token. `NotFound` when there is none; `Conflict` for the last one of the role owner. */
export async function revokeToken(
  ports: Pick<Ports, 'tokens' | 'audit' | 'leases' | 'clock'>,
  id: string,
  actor: Actor,
): Promise<AccessToken> {
  const lease = { ...revocationLease, holder: randomUUID() };
  if (!(await ports.leases.acquire(lease))) {
    throw new Conflict('Another token is being revoked right now.', { hint: 'Try again.' });
  }
  try {
    const tokens = await ports.tokens.list();
    const token = tokens.find((each) => each.id === id);
    if (token === undefined) throw noToken(id);
    const now = ports.clock.now();
    const owners = tokens.filter((each) => each.role === 'owner' && !hasExpired(each, now));
    if (owners.length === 1 && owners[0]?.id === id) {
      throw new Conflict(`${JSON.stringify(token.name)} is the last token of the role owner.`, {
        hint: 'Create another owner first: no other token could manage tokens.',
      });
    }
    const { name, role } = token;
    const changes = Object.entries({ name, role }).map(([path, from]) => ({
      path,
      from,
      to: null,
    }));
    await audited(ports, { actor, action: 'token-revoked', tokenId: id, changes }, async () => {
      if (!(await ports.tokens.revoke(id))) throw noToken(id);
    });
    return token;
  } finally {
    await ports.leases.release(lease);
  }
}

function noToken(id: string): NotFound {
  return new NotFound(`There is no token ${JSON.stringify(id)}.`, {
    hint: 'See all with: rollcall token list',
  });
}

/** The tokens whose holder may own a store, by name: an owner must be able to act. */
export async function listOwners({
  tokens,
  clock,
}: Pick<Ports, 'tokens' | 'clock'>): Promise<readonly AccessToken[]> {
  const now = clock.now();
  return (await tokens.list()).filter(
    (token) => token.role !== 'viewer' && !hasExpired(token, now),
  );
}
