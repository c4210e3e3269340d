import { nameToken, replaceHint } from '../../core/alerts/describe-alert.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { expiringOf, hasExpired } from '../../core/token-expiry.ts';
import type { Ports } from '../../ports/index.ts';
import type { Finding } from '../dependencies.ts';
import { exactTime } from '../views/words.ts';

const nobodyOwns: Finding = {
  about: 'tokens',
  ok: true,
  message: 'nobody is owner: no token of that role works, and OIDC_OWNERS names nobody',
  advice: 'Make one with: rollcall token create NAME --role owner',
};

/** What `doctor` says of tokens that expire soon. A SCIM token that has expired lets no push in: that is wrong. */
export async function checkTokens(
  ports: Pick<Ports, 'tokens' | 'scimTokens' | 'people' | 'clock'>,
  stores: readonly DirectoryStore[],
): Promise<readonly Finding[]> {
  const now = ports.clock.now();
  const nameOf = (id: string | null) => stores.find((store) => store.id === id)?.name ?? '';
  const [access, scim] = await Promise.all([ports.tokens.list(), ports.scimTokens.list()]);
  const isOwned =
    ports.people.roles.owner.length > 0 ||
    access.some((token) => token.role === 'owner' && !hasExpired(token, now));
  const expiring = expiringOf({ access, scim }, now).map((token) => {
    const store = nameOf(token.storeId);
    const isOver = hasExpired(token, now);
    const verb = isOver ? 'expired' : 'expires';
    return {
      about: 'tokens',
      ok: !isOver || token.storeId === null,
      message: `${nameToken(token, store)} ${verb} at ${exactTime(token.expiresAt)}`,
      advice: replaceHint(token, store),
    };
  });
  return isOwned ? expiring : [nobodyOwns, ...expiring];
}
