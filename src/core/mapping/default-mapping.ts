import type { DirectoryKind } from '../model/store.ts';
import type { Mapping } from '../model/store-config.ts';

const jumpcloud: Mapping = {
  email: { attribute: 'email' },
  firstName: { attribute: 'firstname' },
  lastName: { attribute: 'lastname' },
  displayName: { attribute: 'displayname' },
  secondaryEmail: { attribute: 'alternateEmail' },
  employeeId: { attribute: 'employeeIdentifier' },
  jobTitle: { attribute: 'jobTitle' },
  department: { attribute: 'department' },
  location: { attribute: 'location' },
  company: { attribute: 'company' },
  costCenter: { attribute: 'costCenter' },
  employeeType: { attribute: 'employeeType' },
  phone: { attribute: 'phoneNumbers[type=work].number' },
  mobile: { attribute: 'phoneNumbers[type=mobile].number' },
  manager: { attribute: 'manager' },
  street: { attribute: 'addresses[type=work].streetAddress' },
  city: { attribute: 'addresses[type=work].locality' },
  state: { attribute: 'addresses[type=work].region' },
  postalCode: { attribute: 'addresses[type=work].postalCode' },
  country: { attribute: 'addresses[type=work].country' },
};

/**
 * The mapping of a new store of each directory. The rules of a store file replace single fields of
 * it.
 */
export const defaultMappings: Readonly<Record<DirectoryKind, Mapping>> = { jumpcloud };
