import type { SystemUser } from './system-user.ts';

/*
 * Peculiarities of real directories that generated ones lack. One user in eight gets one of these,
 * in turn, so that even a small directory has most of them.
 */

/** Changes to an otherwise ordinary user; `undefined` removes the field. */
type Peculiar = { readonly [Field in keyof SystemUser]?: SystemUser[Field] | undefined };
type Peculiarity = (person: SystemUser) => Peculiar;

function withName(firstname: string, lastname: string): Peculiarity {
  return () => ({ firstname, lastname, displayname: `${firstname} ${lastname}` });
}

const longGivenNames =
  'Adolph Blaine Charles David Earl Frederick Gerald Hubert Irvim John Kenneth';
const longFamilyName =
  'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe';

export const peculiarities: readonly Peculiarity[] = [
  withName('Siobhán', "O'Brien"),
  () => ({
    addresses: [],
    attributes: [],
    company: undefined,
    costCenter: undefined,
    department: undefined,
    displayname: undefined,
    employeeIdentifier: undefined,
    employeeType: undefined,
    firstname: undefined,
    jobTitle: undefined,
    lastname: undefined,
    location: undefined,
    manager: undefined,
    phoneNumbers: [],
  }),
  ({ email }) => ({ email: withCapitals(email) }),
  withName('Anne-Marie', 'Featherstonehaugh-Smythe'),
  () => ({ firstname: 'Sukarno', lastname: '', displayname: 'Sukarno' }),
  () => ({
    alternateEmail: '',
    company: '',
    costCenter: '',
    department: '',
    displayname: '',
    employeeType: '',
    jobTitle: '',
    location: '',
    manager: '',
    middlename: '',
  }),
  ({ email }) => ({
    email: email.replace(/^[^@]+/, (local) => `dörte.grün.${local}`),
    firstname: 'Dörte',
    lastname: 'Grün',
    displayname: 'Dörte Grün',
  }),
  withName(longGivenNames, longFamilyName),
  ({ email }) => ({ email: email.replace('@', '+jc@') }),
  withName('Jennifer', 'Null'),
  // A letter and its mark as two characters: they look equal, but `===` says otherwise.
  withName('Jose\u0301', 'Nu\u0301n\u0303ez'),
  ({ email }) => ({ email: email.replace(/^[^@]+/, (local) => `用户.${local}`) }),
  // A character outside the basic plane, and an emoji in a job title.
  () => ({ firstname: '翔', lastname: '𠮷野', displayname: '𠮷野翔', jobTitle: '🚀 Launch Lead' }),
  () => ({ firstname: '  Padma ', lastname: 'Rao\t', displayname: '  Padma  Rao ' }),
  () => ({ attributes: [{ name: 'ShirtSize', value: 'M' }] }),
  withName('Constructor', '<b>Bobby</b> "Tables"; --'),
];

function withCapitals(email: string): string {
  return email
    .split(/(?<=[.@])/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
