import { defined } from '../../core/defined.ts';
import { type Locale, locales, type Name } from './locales.ts';
import { objectIds } from './object-id.ts';
import { peculiarities } from './peculiarities.ts';
import { hexDigits, integerBetween, pick, type Random, seededRandom } from './random.ts';
import {
  type Address,
  blankUser,
  type CustomAttribute,
  type PhoneNumber,
  type SystemUser,
  type UserState,
} from './system-user.ts';
import { departments, employeeTypes, jobTitles, offices, shirtSizes } from './workplaces.ts';

const firstDay = Date.UTC(2021, 0, 4, 8) / 1000;
const longestPauseSeconds = 1800;
const reportsPerManager = 7;

/**
 * Makes one user after the other; the same seed gives the same users. `ordinary`: active and without
 * peculiarities, as a new user in a demo should be.
 */
export type PeopleMaker = (options?: { readonly ordinary: boolean }) => SystemUser;

interface PeopleMakerOptions {
  readonly seed: number;
  readonly organizationId: string;
  readonly organizationName: string;
  /** The domain of the addresses. */
  readonly domain: string;
  /** Whether a user has this e-mail address already. */
  readonly isTaken: (address: string) => boolean;
}

/** Starts a series of users: ids and dates ascend, addresses and employee numbers are unique. */
export function makePeople(options: PeopleMakerOptions): PeopleMaker {
  const random = seededRandom(options.seed);
  const nextId = objectIds(random);
  const made: string[] = [];
  const namesakes = new Map<string, number>();
  let seconds = firstDay;

  function freeAddress(base: string): string {
    for (;;) {
      const count = (namesakes.get(base) ?? 0) + 1;
      namesakes.set(base, count);
      const address = `${base}${count === 1 ? '' : count}@${options.domain}`;
      if (!options.isTaken(address)) return address;
    }
  }

  return ({ ordinary } = { ordinary: false }) => {
    const index = made.length;
    seconds += integerBetween(random, 1, longestPauseSeconds);
    const locale = pick(random, locales);
    const given = pick(random, locale.given);
    const family = pick(random, locale.family);
    const id = nextId(seconds);
    const peculiarity = ordinary ? undefined : peculiarityOf(index);
    const email = freeAddress(peculiarity?.address ?? `${given.latin}.${family.latin}`);
    const department = pick(random, departments);
    const state = ordinary ? 'ACTIVATED' : stateOf(index);
    const isLocked = !ordinary && index % 50 === 21;
    const created = isoTime(seconds);
    const person: SystemUser = {
      ...blankUser,
      _id: id,
      account_locked: isLocked,
      account_locked_date: isLocked ? isoTime(seconds + 86_400) : null,
      activated: state !== 'STAGED',
      addresses: addressesOf(random, locale),
      alternateEmail: random() < 0.5 ? `${given.latin}@personal.example` : '',
      attributes: attributesOf(random, { index, created }),
      company: options.organizationName,
      costCenter: department.costCenter,
      created,
      department: department.name,
      displayname: displayName(locale, given, family),
      email,
      employeeIdentifier: `E${10_000 + index}`,
      employeeType: pick(random, employeeTypes),
      firstname: given.native,
      jobTitle: pick(random, jobTitles[department.name]),
      lastname: family.native,
      location: pick(random, offices),
      manager: made[Math.floor((index - 1) / reportsPerManager)] ?? '',
      organization: options.organizationId,
      password_date: state === 'STAGED' ? null : created,
      password_expired: !ordinary && index % 50 === 34,
      phoneNumbers: phoneNumbersOf(random, locale),
      state,
      suspended: state === 'SUSPENDED',
      unix_guid: 5000 + index,
      unix_uid: 5000 + index,
      username: email.slice(0, email.indexOf('@')),
    };
    made.push(id);
    return defined({ ...person, ...peculiarity?.change(person) }) as SystemUser;
  };
}

function peculiarityOf(index: number): (typeof peculiarities)[number] | undefined {
  return index % 8 === 3 ? peculiarities[Math.floor(index / 8) % peculiarities.length] : undefined;
}

function displayName(locale: Locale, given: Name, family: Name): string {
  return locale.familyFirst ? family.native + given.native : `${given.native} ${family.native}`;
}

/** States in a fixed rhythm, so that a directory of twenty-five has each of them. */
function stateOf(index: number): UserState {
  if (index % 25 === 7) return 'SUSPENDED';
  return index % 25 === 13 ? 'STAGED' : 'ACTIVATED';
}

function addressesOf(random: Random, locale: Locale): readonly Address[] {
  const types = random() < 0.6 ? ['work', 'home'] : random() < 0.8 ? ['work'] : [];
  return types.map((type) => ({
    id: hexDigits(random, 24),
    type,
    streetAddress: `${pick(random, locale.streets)} ${integerBetween(random, 1, 240)}`,
    ...pick(random, locale.places),
    country: locale.country,
  }));
}

function phoneNumbersOf(random: Random, locale: Locale): readonly PhoneNumber[] {
  const types = ['mobile', 'work', 'home', 'work_fax'].slice(0, integerBetween(random, 0, 4));
  return types.map((type) => ({
    id: hexDigits(random, 24),
    type,
    number: `${locale.dialling} ${integerBetween(random, 1000, 9999)}`,
  }));
}

function attributesOf(
  random: Random,
  { index, created }: { readonly index: number; readonly created: string },
): readonly CustomAttribute[] {
  const all = [
    { name: 'shirtSize', value: pick(random, shirtSizes) },
    { name: 'badgeNumber', value: String(integerBetween(random, 1, 9_999_999)).padStart(7, '0') },
    { name: 'startDate', value: created.slice(0, 10) },
    { name: 'deskNote', value: index % 3 === 0 ? '' : 'près de la fenêtre' },
  ];
  return all.slice(0, integerBetween(random, 0, all.length));
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
