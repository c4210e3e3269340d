import { defined } from '../../core/defined.ts';
import { Refused } from '../refused.ts';
import { GroupBook } from './group-book.ts';
import { toAddressPart } from './locales.ts';
import { makePeople, type PeopleMaker } from './make-people.ts';
import { idBefore } from './object-id.ts';
import { hashOf } from './random.ts';
import type { Organization, SystemUser, UserFields } from './system-user.ts';
import { organizationNames } from './workplaces.ts';

interface DirectoryOptions {
  readonly organization: Organization;
  readonly seed: number;
  readonly users: number;
  readonly groups: number;
}

/**
 * The live directory of one organization: its users and groups, and the operations that change them. Users are named
 * by `_id` or by e-mail address, groups by id or name; an unknown one is `Refused`.
 */
export class Directory {
  readonly organization: Organization;
  readonly groups: GroupBook;
  readonly #makePerson: PeopleMaker;
  readonly #domain: string;
  readonly #users = new Map<string, SystemUser>();
  readonly #addresses = new Map<string, string>();
  readonly #employees = new Map<string, string>();
  readonly #stateChanges = new Map<string, number>();
  /** Ids in ascending order. */
  readonly #ids: string[] = [];
  #shuffled: readonly string[] | null = null;

  constructor({ organization, seed, users, groups }: DirectoryOptions) {
    this.organization = organization;
    this.#domain =
      organizationNames.find(({ name }) => name === organization.name)?.domain ??
      `${toAddressPart(organization.name) || 'simulated'}.example`;
    this.#makePerson = makePeople({
      seed,
      organizationId: organization.id,
      organizationName: organization.name,
      domain: this.#domain,
      isTaken: (address) => this.#addresses.has(addressKey(address)),
    });
    for (let made = 0; made < users; made += 1) this.#insert(this.#makePerson());
    this.groups = new GroupBook({
      seed,
      organizationId: organization.id,
      count: groups,
      people: [...this.#users.values()],
    });
  }

  get size(): number {
    return this.#ids.length;
  }

  /** The ids of all users, ascending. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** The ids of all users in an order that is always the same and arbitrary. */
  get shuffledIds(): readonly string[] {
    this.#shuffled ??= shuffle(this.#ids);
    return this.#shuffled;
  }

  /** The whole records of all users, ascending by id. */
  all(): readonly SystemUser[] {
    return this.#ids.map((id) => this.get(id));
  }

  /** The whole record of a user. */
  find(who: string): SystemUser | undefined {
    return this.#users.get(who) ?? this.#users.get(this.#addresses.get(addressKey(who)) ?? '');
  }

  /** The whole record of a user; `Refused` when no user has this id or address. */
  get(who: string): SystemUser {
    const user = this.find(who);
    if (user === undefined)
      throw new Refused(`No user of the directory has the id or e-mail "${who}".`);
    return user;
  }

  /** How many times the state of a user has changed. */
  stateChangesOf(id: string): number {
    return this.#stateChanges.get(id) ?? 0;
  }

  /** Adds a new active user with a larger id than any user ever had. Fields that are not given are generated. */
  hire(fields: UserFields = {}): SystemUser {
    const made = this.#makePerson({ ordinary: true });
    const email = fields.email ?? this.#addressFor(fields) ?? made.email;
    const username = fields.username ?? email.slice(0, email.lastIndexOf('@'));
    return this.#add({ ...made, ...namesOf(fields), ...inStep(fields), email, username });
  }

  hireMany(count: number): readonly SystemUser[] {
    return Array.from({ length: count }, () => this.hire());
  }

  /** Adds a user whose id comes right before another's, which no real directory does: for listings that shift. */
  insertBefore(who: string): SystemUser {
    let id = idBefore(this.get(who)._id);
    while (this.#users.has(id)) id = idBefore(id);
    return this.#add({ ...this.#makePerson({ ordinary: true }), _id: id });
  }

  /** Changes fields of a user's record; `undefined` removes a field. */
  update(who: string, fields: UserFields): SystemUser {
    const before = this.get(who);
    this.#refuseTaken(fields, before._id);
    this.#addresses.delete(addressKey(before.email));
    this.#put(defined({ ...before, ...inStep(fields) }) as SystemUser);
    return this.get(before._id);
  }

  /** Gives a user another name, and another e-mail address if one is given. */
  rename(who: string, name: { firstname: string; lastname: string; email?: string }): SystemUser {
    return this.update(who, { ...namesOf(name), ...name });
  }

  suspend(who: string): SystemUser {
    return this.update(who, { state: 'SUSPENDED' });
  }

  activate(who: string): SystemUser {
    return this.update(who, { state: 'ACTIVATED' });
  }

  stage(who: string): SystemUser {
    return this.update(who, { state: 'STAGED' });
  }

  swapEmails(one: string, other: string): void {
    const [left, right] = [this.get(one), this.get(other)];
    this.#put({ ...left, email: right.email });
    this.#put({ ...right, email: left.email });
  }

  /** Deletes a user, and removes the user from every group. */
  remove(who: string): SystemUser {
    const user = this.get(who);
    this.#users.delete(user._id);
    this.#addresses.delete(addressKey(user.email));
    this.#employees.delete(user.employeeIdentifier ?? '');
    this.#ids.splice(positionOf(this.#ids, user._id), 1);
    this.#shuffled = null;
    this.groups.forget(user._id);
    return user;
  }

  #add(fields: UserFields & Pick<SystemUser, '_id'>): SystemUser {
    const user = defined(fields) as SystemUser;
    this.#refuseTaken(user, user._id);
    this.#insert(user);
    return user;
  }

  #insert(user: SystemUser): void {
    this.#ids.splice(positionOf(this.#ids, user._id), 0, user._id);
    this.#shuffled = null;
    this.#put(user);
  }

  #put(user: SystemUser): void {
    const before = this.#users.get(user._id);
    if (before?.state !== user.state) {
      this.#stateChanges.set(user._id, this.stateChangesOf(user._id) + 1);
    }
    this.#users.set(user._id, user);
    if (user.email !== '') this.#addresses.set(addressKey(user.email), user._id);
    this.#employees.delete(before?.employeeIdentifier ?? '');
    this.#employees.set(user.employeeIdentifier ?? '', user._id);
  }

  #addressFor({ firstname, lastname }: UserFields): string | undefined {
    if (firstname === undefined || lastname === undefined) return undefined;
    const local = [firstname, lastname].map(toAddressPart).filter(Boolean).join('.');
    const address = `${local}@${this.#domain}`;
    return local === '' || this.#addresses.has(addressKey(address)) ? undefined : address;
  }

  #refuseTaken({ email, employeeIdentifier }: UserFields, id: string): void {
    const owner = email === undefined ? undefined : this.#addresses.get(addressKey(email));
    if (owner !== undefined && owner !== id) {
      throw new Refused(`The e-mail "${email}" belongs to ${owner} already; use another.`);
    }
    if (employeeIdentifier === undefined || employeeIdentifier === '') return;
    const holder = this.#employees.get(employeeIdentifier);
    if (holder !== undefined && holder !== id) {
      throw new Refused(
        `The employeeIdentifier "${employeeIdentifier}" belongs to ${holder} already.`,
      );
    }
  }
}

/** How e-mail addresses compare. */
function addressKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}

function shuffle(ids: readonly string[]): readonly string[] {
  return ids
    .map((id) => ({ id, hash: hashOf(id) }))
    .sort((left, right) => left.hash - right.hash || (left.id < right.id ? -1 : 1))
    .map(({ id }) => id);
}

function namesOf({ firstname, lastname }: UserFields): UserFields {
  if (firstname === undefined || lastname === undefined) return {};
  return { firstname, lastname, displayname: `${firstname} ${lastname}`.trim() };
}

/** `state`, `suspended` and `activated` agree, unless a change sets them apart on purpose. */
function inStep<Fields extends UserFields>(fields: Fields): Fields {
  const { state, suspended } = fields;
  if (state !== undefined && suspended === undefined) {
    return { ...fields, suspended: state === 'SUSPENDED', activated: state !== 'STAGED' };
  }
  if (suspended !== undefined && state === undefined) {
    return { ...fields, state: suspended ? 'SUSPENDED' : 'ACTIVATED' };
  }
  return fields;
}

/** The index of an id among ascending ids, or the index where it would be. */
function positionOf(ids: readonly string[], id: string): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
