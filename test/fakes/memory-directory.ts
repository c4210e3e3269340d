import { emailKeyOf } from '../../src/core/email.ts';
import { SourceError } from '../../src/core/errors.ts';
import type { SourceGroup } from '../../src/core/model/group.ts';
import type { JsonObject, ListedUser, SourceState } from '../../src/core/model/source-user.ts';
import { jumpcloud } from '../../src/directories/jumpcloud/index.ts';
import type {
  GroupWalkEnd,
  ListedPage,
  SourceDirectory,
  WalkEnd,
} from '../../src/ports/directory.ts';

export interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly state?: SourceState;
  readonly record?: JsonObject;
  readonly orgId?: string;
  readonly custom?: Readonly<Record<string, string>>;
  /** Why the record can't be used. */
  readonly unreadable?: string;
}

/**
 * A directory in memory whose listing and by-id answers can be made to differ, as faults make them.
 */
export class MemoryDirectory implements SourceDirectory {
  readonly profile = jumpcloud;
  readonly people = new Map<string, Person>();
  readonly groups = new Map<
    string,
    { readonly name: string; readonly members: Set<string> } & Partial<
      Pick<SourceGroup, 'record' | 'doubt' | 'isUnderReview'>
    >
  >();
  /** Why the list of groups may lack one. */
  groupsBroken: string | null = null;
  /** Ids that the listing leaves out though they answer by id. */
  readonly withheld = new Set<string>();
  /** Ids whose request by id fails. */
  readonly failing = new Set<string>();
  /** Answers by id are read from here instead, where set. */
  readonly byId = new Map<string, Person | null>();
  /** What every filtered list answers, where set: `null` proves nothing, an empty set denies everybody. */
  filterAnswers: ReadonlySet<string> | null | undefined;
  /** The lists of groups, where they differ from the truth. */
  readonly listedMembers = new Map<string, readonly string[]>();
  groupListReason: string | null = null;
  /** Ids whose own group list can't be read. */
  readonly failingGroups = new Set<string>();
  /** Whether a person's list of groups says that it is whole when it is empty; `lost`: all are empty. */
  ownGroups: 'stated' | 'unstated' | 'lost' = 'stated';
  readonly askedGroups: string[] = [];
  orgId = 'org1';
  pageSize = 3;
  statedTotal: number | null = null;
  broken: string | null = null;
  asked: string[] = [];
  /** Called with each page's number before the page is returned. */
  onPage: (page: number) => void = () => undefined;

  set(...people: readonly Person[]): this {
    for (const person of people) this.people.set(person.id, person);
    return this;
  }
  async organizations() {
    return [{ id: this.orgId, name: 'Acme' }];
  }
  async *walkUsers(): AsyncGenerator<ListedPage, WalkEnd> {
    const ids = [...this.people.keys()].filter((id) => !this.withheld.has(id)).sort();
    const total = this.statedTotal ?? this.people.size;
    let pages = 0;
    for (let at = 0; at < ids.length; at += this.pageSize) {
      pages += 1;
      this.onPage(pages);
      const users = ids
        .slice(at, at + this.pageSize)
        .flatMap((id) => this.#user(this.people.get(id)));
      yield {
        users,
        withoutId: 0,
        total,
        inOrder: true,
      };
    }
    return { broken: this.broken, totalBefore: total, totalAfter: total, pages, requests: pages };
  }
  async getUser(id: string) {
    this.asked.push(id);
    if (this.failing.has(id)) throw new SourceError('retriable', 'user-failed', `500 for ${id}`);
    const person = this.byId.has(id) ? this.byId.get(id) : this.people.get(id);
    const [user] = this.#user(person ?? undefined);
    return user === undefined ? ({ found: false } as const) : ({ found: true, user } as const);
  }
  async listByIds(ids: readonly string[]) {
    if (this.filterAnswers !== undefined) return this.filterAnswers;
    return new Set(ids.filter((id) => this.people.has(id)));
  }
  async findByEmail(email: string) {
    return [...this.people.values()]
      .filter((person) => person.email !== null && emailKeyOf(person.email) === emailKeyOf(email))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap((person) => this.#user(person));
  }
  async resolveGroups(references: readonly string[]) {
    const found = new Map<string, string>();
    for (const reference of references) {
      const group = [...this.groups].find(
        ([id, { name }]) => id === reference || name === reference,
      );
      if (group === undefined)
        throw new SourceError('fatal', 'group-missing', `no group ${reference}`);
      found.set(reference, group[0]);
    }
    return found;
  }
  async *walkGroupMembers(groupId: string): AsyncGenerator<readonly string[], string | null> {
    yield [...(this.listedMembers.get(groupId) ?? this.groups.get(groupId)?.members ?? [])];
    return this.groupListReason;
  }
  async *walkGroups(): AsyncGenerator<readonly SourceGroup[], GroupWalkEnd> {
    yield [...this.groups]
      .filter(([id]) => !this.withheld.has(id))
      .map(([id, { name, members: _members, ...traits }]) => ({
        id,
        name,
        record: { id, name },
        doubt: null,
        isUnderReview: false,
        ...traits,
      }));
    return { broken: this.groupsBroken, total: null };
  }
  async hasGroup(groupId: string) {
    return this.groups.has(groupId);
  }
  async groupsOf(externalId: string) {
    if (this.failingGroups.has(externalId)) {
      throw new SourceError('retriable', 'user-failed', `no groups of ${externalId}`);
    }
    this.askedGroups.push(externalId);
    const own = [...this.groups].filter(([, { members }]) => members.has(externalId));
    const isStated = this.ownGroups === 'stated' || (own.length > 0 && this.ownGroups !== 'lost');
    if (isStated) return own.map(([id]) => id);
    throw new SourceError('retriable', 'no-groups-stated', `no group of ${externalId}, no total`);
  }

  #user(person: Person | undefined): ListedUser[] {
    if (person === undefined) return [];
    if (person.unreadable !== undefined)
      return [{ externalId: person.id, unreadable: person.unreadable }];
    const record = {
      _id: person.id,
      ...(person.email === null ? {} : { email: person.email }),
      ...person.record,
    };
    return [
      {
        externalId: person.id,
        state: person.state ?? 'ACTIVATED',
        orgId: person.orgId ?? null,
        record,
        custom: person.custom ?? {},
      },
    ];
  }
}
