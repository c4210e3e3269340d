import type { SystemUser } from '../../src/simulator/directory/system-user.ts';

/**
 * The fields that the default mapping gives a JumpCloud user, computed apart from the code under
 * test.
 */
export function expectedFields(user: SystemUser): Record<string, string> {
  const work = user.addresses.find(({ type }) => type === 'work');
  const numberOf = (type: string) => user.phoneNumbers.find((phone) => phone.type === type)?.number;
  const fields = {
    email: user.email.normalize('NFC'),
    firstName: user.firstname,
    lastName: user.lastname,
    displayName: user.displayname,
    secondaryEmail: user.alternateEmail,
    employeeId: user.employeeIdentifier,
    jobTitle: user.jobTitle,
    department: user.department,
    location: user.location,
    company: user.company,
    costCenter: user.costCenter,
    employeeType: user.employeeType,
    phone: numberOf('work'),
    mobile: numberOf('mobile'),
    manager: user.manager,
    street: work?.streetAddress,
    city: work?.locality,
    state: work?.region,
    postalCode: work?.postalCode,
    country: work?.country,
  };
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
