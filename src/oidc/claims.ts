import type { Claims } from '../core/people/role-of.ts';
import { SignInRefused } from '../ports/identity-provider.ts';

/** What a provider says of a person, as it came. */
export type RawClaims = Readonly<Record<string, unknown>>;

const longest = 500;
const mostGroups = 5_000;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : null;

/**
 * Reads the claims of a person. `SignInRefused` for groups that were left out, as Entra ID does beyond 200: the role
 * would be one of another person.
 */
export function readClaims(raw: RawClaims, groupsClaim: string): Claims {
  if (leavesOut(raw, groupsClaim)) {
    throw new SignInRefused(
      'groups-left-out',
      `The provider left the groups of this person out: there are too many for its token (claim ${groupsClaim}). Have it send only the groups that are assigned to this application.`,
    );
  }
  return {
    address: textOf(raw['email']),
    isVerified: raw['email_verified'] === true,
    name: textOf(raw['name']) ?? textOf(raw['preferred_username']),
    groups: groupsOf(raw[groupsClaim]) ?? [],
  };
}

/** Whether the claims say which groups a person is in. */
export const tellsGroups = (raw: RawClaims, groupsClaim: string): boolean =>
  groupsOf(raw[groupsClaim]) !== null;

function groupsOf(value: unknown): readonly string[] | null {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return null;
  return value.filter((one) => textOf(one) !== null).slice(0, mostGroups);
}

function leavesOut(raw: RawClaims, groupsClaim: string): boolean {
  const elsewhere = raw['_claim_names'];
  const isElsewhere =
    typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, groupsClaim);
  const hasGroups = raw['hasgroups'] === true || raw['hasgroups'] === 'true';
  const isTooLong = Array.isArray(raw[groupsClaim]) && raw[groupsClaim].length > mostGroups;
  return isElsewhere || hasGroups || isTooLong;
}
