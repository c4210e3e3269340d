import type { SystemUser } from './system-user.ts';

/*
 * Peculiarities of real directories that generated ones lack. One user in eight gets one of these,
 * in turn, so that even a small directory has most of them.
 */

/** Changes to an otherwise ordinary user; `undefined` removes the field. */
type Peculiar = { readonly [Field in keyof SystemUser]?: SystemUser[Field] | undefined };

interface Peculiarity {
  /** What stands before the `@` where the user has another name; every other namesake gets a number. */
  readonly address?: string;
  readonly change: (person: SystemUser) => Peculiar;
}

function withName(address: string, firstname: string, lastname: string): Peculiarity {
  const displayname = `${firstname} ${lastname}`;
  return { address, change: () => ({ firstname, lastname, displayname }) };
}

const longGivenNames =
  'Adolph Blaine Charles David Earl Frederick Gerald Hubert Irvim John Kenneth';
const longFamilyName =
  'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe';

export const peculiarities: readonly Peculiarity[] = [
  withName('siobhan.obrien', 'Siobhán', "O'Brien"),
  {
    change: () => ({
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
  },
  { change: ({ email }) => ({ email: withCapitals(email) }) },
  withName('anne-marie.featherstonehaugh', 'Anne-Marie', 'Featherstonehaugh-Smythe'),
  {
    address: 'sukarno',
    change: () => ({ firstname: 'Sukarno', lastname: '', displayname: 'Sukarno' }),
  },
  {
    change: () => ({
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
  },
  {
    address: 'dorte.grun',
    change: ({ email }) => ({
      email: email.replace('dorte.grun', 'dörte.grün'),
      firstname: 'Dörte',
      lastname: 'Grün',
      displayname: 'Dörte Grün',
    }),
  },
  withName('adolph.wolfe', longGivenNames, longFamilyName),
  { change: ({ email }) => ({ email: email.replace('@', '+jc@') }) },
  withName('jennifer.null', 'Jennifer', 'Null'),
  // A letter and its mark as two characters: they look equal, but `===` says otherwise.
  withName('jose.nunez', 'Jose\u0301', 'Nu\u0301n\u0303ez'),
  { change: ({ email }) => ({ email: email.replace(/^[^@]+/, (local) => `用户.${local}`) }) },
  // A character outside the basic plane, and an emoji in a job title.
  {
    address: 'sho.yoshino',
    change: () => ({
      firstname: '翔',
      lastname: '𠮷野',
      displayname: '𠮷野翔',
      jobTitle: '🚀 Launch Lead',
    }),
  },
  {
    address: 'padma.rao',
    change: () => ({ firstname: '  Padma ', lastname: 'Rao\t', displayname: '  Padma  Rao ' }),
  },
  { change: () => ({ attributes: [{ name: 'ShirtSize', value: 'M' }] }) },
  withName('constructor.bobby', 'Constructor', '<b>Bobby</b> "Tables"; --'),
];

function withCapitals(email: string): string {
  return email
    .split(/(?<=[.@])/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
