import { expiryAlert } from '../core/alerts/new-alerts.ts';
import type { ExpiringToken } from '../core/model/token.ts';
import { expiringOf } from '../core/token-expiry.ts';
import type { AlertStore } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScimTokenStore } from '../ports/scim.ts';
import type { TokenStore } from '../ports/tokens.ts';

export interface TokenPorts {
  readonly tokens: Pick<TokenStore, 'list'>;
  readonly scimTokens: Pick<ScimTokenStore, 'list'>;
  readonly clock: Clock;
}

/** The tokens that a person must replace, because they expire soon or have expired. */
export async function listExpiring({
  tokens,
  scimTokens,
  clock,
}: TokenPorts): Promise<readonly ExpiringToken[]> {
  const [access, scim] = await Promise.all([tokens.list(), scimTokens.list()]);
  return expiringOf({ access, scim }, clock.now());
}

/** Raises an alert for each of them, and returns how many there are. */
export async function raiseExpiring(
  ports: TokenPorts & { readonly alerts: Pick<AlertStore, 'raise' | 'isSilent'> },
): Promise<number> {
  if (ports.alerts.isSilent) return 0;
  const expiring = await listExpiring(ports);
  await ports.alerts.raise(expiring.map(expiryAlert));
  return expiring.length;
}
