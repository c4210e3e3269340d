import { Refused } from '../refused.ts';
import { GroupBook } from './group-book.ts';
import { toAddressPart } from './locales.ts';
import { makePeople, type PeopleMaker, withoutUndefined } from './make-people.ts';
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

export interface NewName {
  readonly firstname: string;
  readonly lastname: string;
  readonly email?: string;
}

/**
 * The live directory of one organization: its people and groups, and what changes them.
 * People are named by `_id` or by e-mail address, groups by id or name; who isn't there is `Refused`.
 */
export class Directory {
  readonly organization: Organization;
  readonly groups: GroupBook;
  readonly #maker: PeopleMaker;
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
    this.#maker = makePeople({
      seed,
      organizationId: organization.id,
      organizationName: organization.name,
      domain: this.#domain,
      isTaken: (address) => this.#addresses.has(addressKey(address)),
    });
    for (let made = 0; made < users; made += 1) this.#insert(this.#maker.next());
    this.groups = new GroupBook({
      seed,
      organizationId: organization.id,
      count: groups,
      people: [...this.#users.values()],
    });
  }

  /** How many people there are. */
  get size(): number {
    return this.#ids.length;
  }

  /** Everybody's id, ascending. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Everybody's id in an order that is always the same and follows nothing. */
  get shuffledIds(): readonly string[] {
    this.#shuffled ??= shuffle(this.#ids);
    return this.#shuffled;
  }

  /** Everybody's whole record, ascending by id. */
  all(): readonly SystemUser[] {
    return this.#ids.map((id) => this.get(id));
  }

  /** Somebody's whole record. */
  find(who: string): SystemUser | undefined {
    return this.#users.get(who) ?? this.#users.get(this.#addresses.get(addressKey(who)) ?? '');
  }

  /** Somebody's whole record; `Refused` when nobody has this id or address. */
  get(who: string): SystemUser {
    const user = this.find(who);
    if (user === undefined)
      throw new Refused(`Nobody in the directory has the id or e-mail "${who}".`);
    return user;
  }

  /** How often somebody's state has changed. */
  stateChangesOf(id: string): number {
    return this.#stateChanges.get(id) ?? 0;
  }

  /** Adds somebody new, active, with a larger id than anybody ever had. What isn't given is made up. */
  hire(fields: UserFields = {}): SystemUser {
    const made = this.#maker.next({ ordinary: true });
    const email = fields.email ?? this.#addressFor(fields) ?? made.email;
    const username = fields.username ?? email.slice(0, email.lastIndexOf('@'));
    return this.#add({ ...made, ...namesOf(fields), ...inStep(fields), email, username });
  }

  /** Adds `count` new people. */
  hireMany(count: number): readonly SystemUser[] {
    return Array.from({ length: count }, () => this.hire());
  }

  /** Adds somebody whose id stands right before another's, as no real hire does: for listings that shift. */
  insertBefore(who: string): SystemUser {
    let id = idBefore(this.get(who)._id);
    while (this.#users.has(id)) id = idBefore(id);
    return this.#add({ ...this.#maker.next({ ordinary: true }), _id: id });
  }

  /** Changes fields of somebody's record; `undefined` takes a field away. */
  update(who: string, fields: UserFields): SystemUser {
    const before = this.get(who);
    this.#refuseTaken(fields, before._id);
    this.#addresses.delete(addressKey(before.email));
    this.#put(withoutUndefined({ ...before, ...inStep(fields) }) as SystemUser);
    return this.get(before._id);
  }

  /** Gives somebody another name, and another e-mail address if one is given. */
  rename(who: string, name: NewName): SystemUser {
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

  /** Two people take each other's e-mail address. */
  swapEmails(one: string, other: string): void {
    const [left, right] = [this.get(one), this.get(other)];
    this.#put({ ...left, email: right.email });
    this.#put({ ...right, email: left.email });
  }

  /** Deletes somebody, and from every group. */
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
    const user = withoutUndefined(fields) as SystemUser;
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

/** `state`, `suspended` and `activated` say the same, unless a change sets them apart on purpose. */
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

/** Where an id stands, or would stand, among ascending ids. */
function positionOf(ids: readonly string[], id: string): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
