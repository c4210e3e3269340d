import type { Organization } from '../../src/simulator/directory/system-user.ts';

/** The organization behind the API key `org-N`: its name gives its people addresses that no other organization has. */
export function organizationOf(number: number): Organization {
  return { id: number.toString(16).padStart(24, '0'), name: `Org ${number}` };
}
