import { matchesSearch, searchKeysOf } from '../../src/core/member-search.ts';
import type { Member } from '../../src/core/model/member.ts';
import type { MemberPatch } from '../../src/core/plan/apply-record.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  GroupOfMembers,
  MemberListFilter,
  MemberPageFilter,
  MemberSearch,
  MemberStore,
  WriteFailure,
  WriteOutcome,
} from '../../src/ports/members.ts';
import { patchMember } from './patch-member.ts';
import type { WriteLog } from './write-log.ts';

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const ascending = (a: string | null, b: string | null) => compare(a ?? '', b ?? '');
const changedMeanwhile: WriteFailure = {
  code: 'changed',
  error: 'the member was changed meanwhile',
};
const exists: WriteFailure = { code: 'exists', error: 'there is a member with this id already' };
const gone: WriteFailure = { code: 'gone', error: 'the member was removed meanwhile' };
const taken: WriteFailure = {
  code: 'address-or-source-id-taken',
  error: 'another member held the e-mail address or the source id',
};

/** The members in memory, with the guarantees of the port: compare-and-set, unique address keys. */
export class MemoryMembers implements MemberStore {
  readonly all = new Map<string, Member>();
  readonly #log: WriteLog;
  readonly #clock: Clock;
  constructor(log: WriteLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async byIds(ids: readonly string[]) {
    return [...this.all.values()].filter(({ id }) => ids.includes(id));
  }
  async byEmailKey(key: string) {
    return [...this.all.values()].find(({ emailKey }) => emailKey === key) ?? null;
  }
  async byEmailKeys(keys: readonly string[]) {
    return [...this.all.values()].filter(
      ({ emailKey }) => emailKey !== null && keys.includes(emailKey),
    );
  }
  async withoutClaim(limit: number) {
    return [...this.all.values()]
      .filter(
        ({ emailKey, fields, inactiveCause }) =>
          emailKey === null && fields.email !== undefined && inactiveCause !== 'gone',
      )
      .sort((a, b) => compare(a.id, b.id))
      .slice(0, limit);
  }
  async headsInIdRange(range: Parameters<MemberStore['headsInIdRange']>[0]) {
    const { storeId, after, upTo, limit } = range;
    return this.#ofStore(storeId)
      .flatMap(({ externalId, fingerprint, inactiveCause, absence }) =>
        externalId === null ||
        (after !== null && externalId <= after) ||
        (upTo !== null && externalId > upTo)
          ? []
          : [{ externalId, fingerprint, inactiveCause, absence }],
      )
      .sort((a, b) => ascending(a.externalId, b.externalId))
      .slice(0, limit);
  }
  async bySourceIds(storeId: string, ids: readonly string[]) {
    return this.#ofStore(storeId).filter(({ externalId }) => ids.includes(externalId ?? ''));
  }
  async keptFrom(origin: Parameters<MemberStore['keptFrom']>[0], ids: readonly string[]) {
    return [...this.all.values()].filter(
      ({ keptFrom, externalId }) =>
        keptFrom?.directory === origin.directory &&
        keptFrom.orgId === origin.orgId &&
        ids.includes(externalId ?? ''),
    );
  }
  async hasKeptFrom(origin: Parameters<MemberStore['keptFrom']>[0]) {
    return [...this.all.values()].some(
      ({ keptFrom }) => keptFrom?.directory === origin.directory && keptFrom.orgId === origin.orgId,
    );
  }
  async counts(storeId: string) {
    const members = this.#ofStore(storeId);
    const active = members.filter(({ status }) => status === 'active').length;
    return { active, inactive: members.length - active };
  }
  async count(filter: MemberListFilter, limit = Number.POSITIVE_INFINITY) {
    return Math.min(limit, this.#matching(filter).length);
  }
  #matching({ search = '', department, ...same }: MemberListFilter) {
    return [...this.all.values()]
      .filter((member) =>
        Object.entries(same).every(([key, value]) => member[key as keyof typeof same] === value),
      )
      .filter(({ fields }) => department === undefined || fields.department === department)
      .filter((member) => matchesSearch(member, search));
  }
  #sorted({ sort, ...filter }: Pick<MemberSearch, 'sort'> & MemberListFilter) {
    const way = sort === 'updated' ? -1 : 1;
    return this.#matching(filter)
      .map((member) => ({ member, key: searchKeysOf(member)[sort] }))
      .sort((a, b) => way * compare(a.key, b.key));
  }
  async search({ after, upTo, limit, ...asked }: MemberSearch) {
    const way = asked.sort === 'updated' ? -1 : 1;
    const found = this.#sorted(asked).filter(
      ({ key }) =>
        (after === undefined || way * compare(key, after) > 0) &&
        (upTo === undefined || way * compare(key, upTo) <= 0),
    );
    const page = found.slice(0, limit);
    return {
      members: page.map(({ member }) => member),
      next: found.length > limit ? (page.at(-1)?.key ?? null) : null,
    };
  }
  async marks({ every, limit, ...asked }: Parameters<MemberStore['marks']>[0]) {
    const keys = this.#sorted(asked).map(({ key }) => key);
    return keys.filter((_key, at) => (at + 1) % every === 0).slice(0, limit);
  }
  async *list(filter: MemberListFilter) {
    yield* this.#matching(filter).sort(
      (a, b) =>
        Number(a.externalId === null) - Number(b.externalId === null) ||
        ascending(a.externalId, b.externalId) ||
        compare(a.id, b.id),
    );
  }
  async page({ storeId, status, emailPrefix, namePrefix, after, limit }: MemberPageFilter) {
    const by = emailPrefix !== undefined ? 'emailKey' : storeId === undefined ? 'id' : 'externalId';
    const found = [...this.all.values()]
      .filter((member) => storeId === undefined || member.storeId === storeId)
      .filter((member) => status === undefined || member.status === status)
      .filter(({ emailKey }) => emailPrefix === undefined || emailKey?.startsWith(emailPrefix))
      .filter(({ fields: { firstName, lastName, displayName } }) =>
        [firstName, lastName, displayName].some(
          (name) =>
            namePrefix === undefined || name?.toLowerCase().startsWith(namePrefix.toLowerCase()),
        ),
      )
      .filter((member) => after === undefined || (member[by] ?? '') > after)
      .sort((a, b) => ascending(a[by], b[by]));
    const members = found.slice(0, limit);
    return { members, next: found.length > limit ? (members.at(-1)?.[by] ?? null) : null };
  }
  async inGroup({ storeId, group, after, limit }: Parameters<MemberStore['inGroup']>[0]) {
    return this.#ofStore(storeId)
      .flatMap(({ externalId, groups }) => (groups.includes(group) ? (externalId ?? []) : []))
      .filter((id) => after === null || id > after)
      .sort(compare)
      .slice(0, limit);
  }
  async sourceIdsAmong(storeId: string, ids: readonly string[]) {
    return (await this.bySourceIds(storeId, ids)).flatMap(({ externalId }) => externalId ?? []);
  }
  async groupSizes(storeId: string, groups: readonly string[]) {
    const members = this.#ofStore(storeId);
    return new Map(
      groups.map((group) => [
        group,
        members.filter((member) => member.groups.includes(group)).length,
      ]),
    );
  }
  async joinGroup({ storeId, group }: GroupOfMembers, ids: readonly string[]) {
    for (const member of await this.bySourceIds(storeId, ids)) {
      if (member.groups.includes(group)) continue;
      this.#log.members += 1;
      const groups = [...member.groups, group];
      this.all.set(member.id, { ...member, groups, leftGroupsAt: null });
    }
  }
  async leaveGroup(
    { storeId, group }: GroupOfMembers,
    ids: readonly string[],
    noneLeft?: readonly string[],
  ) {
    for (const member of await this.bySourceIds(storeId, ids)) {
      const groups = member.groups.filter((each) => each !== group);
      const hasLeft = noneLeft !== undefined && !groups.some((each) => noneLeft.includes(each));
      const leftGroupsAt = member.leftGroupsAt ?? (hasLeft ? this.#clock.now() : null);
      this.#log.members += 1;
      this.all.set(member.id, { ...member, groups, leftGroupsAt });
    }
  }
  async leftGroups(storeId: string) {
    return this.#ofStore(storeId).flatMap(({ externalId, leftGroupsAt }) =>
      leftGroupsAt === null ? [] : (externalId ?? []),
    );
  }
  async roleHolders({ storeId, group, after, limit }: Parameters<MemberStore['roleHolders']>[0]) {
    return this.#ofStore(storeId)
      .filter(({ roles }) => roles.some((grant) => grant.group === group))
      .filter(({ externalId }) => after === null || (externalId ?? '') > after)
      .sort((a, b) => ascending(a.externalId, b.externalId))
      .slice(0, limit);
  }
  async groupsWithRoles(storeId: string) {
    const grants = this.#ofStore(storeId).flatMap(({ roles }) => roles);
    return [...new Set(grants.map(({ group }) => group))];
  }
  async grantRole({ storeId, group }: GroupOfMembers, role: string, ids: readonly string[]) {
    for (const member of await this.bySourceIds(storeId, ids)) {
      const has = member.roles.some((grant) => grant.group === group && grant.role === role);
      if (has || member.status !== 'active') continue;
      this.#log.members += 1;
      this.all.set(member.id, { ...member, roles: [...member.roles, { role, group }] });
    }
  }
  async revokeRoles({ storeId, group }: GroupOfMembers, ids: readonly string[]) {
    for (const member of await this.bySourceIds(storeId, ids)) {
      const roles = member.roles.filter((grant) => grant.group !== group);
      if (roles.length === member.roles.length) continue;
      this.#log.members += 1;
      this.all.set(member.id, { ...member, roles });
    }
  }
  async insertMany(members: readonly Member[]): Promise<WriteOutcome> {
    const writes = members.map((member) => {
      const { id, lastRecord: recordId } = member;
      if (recordId === null) throw new Error(`member ${id} is inserted without a record`);
      return { recordId, member };
    });
    return this.#outcome(writes, ({ recordId, member }) => {
      const there = this.all.get(member.id);
      if (there === undefined) return this.#put(member, member);
      return there.lastRecord === recordId ? null : exists;
    });
  }
  async updateMany(updates: Parameters<MemberStore['updateMany']>[0]): Promise<WriteOutcome> {
    return this.#outcome(updates, ({ id, fromRevision, recordId, set }) => {
      const member = this.all.get(id);
      if (member === undefined) return gone;
      if (member.revision !== fromRevision) {
        return member.lastRecord === recordId ? null : changedMeanwhile;
      }
      return this.#put(patchMember(member, { patch: set, recordId, now: this.#clock.now() }), set);
    });
  }
  async deleteMany(deletes: Parameters<MemberStore['deleteMany']>[0]): Promise<WriteOutcome> {
    return this.#outcome(deletes, ({ id, fromRevision }) => {
      const member = this.all.get(id);
      if (member !== undefined && member.revision !== fromRevision) return changedMeanwhile;
      this.#log.members += 1;
      this.all.delete(id);
      return null;
    });
  }
  async markGone(members: Parameters<MemberStore['markGone']>[0]) {
    for (const { id, revision } of members) {
      const member = this.all.get(id);
      if (member?.status !== 'inactive' || member.revision !== revision) continue;
      this.#log.members += 1;
      this.all.set(id, { ...member, inactiveCause: 'gone', fingerprint: null });
    }
  }
  async noteFingerprints(notes: Parameters<MemberStore['noteFingerprints']>[0]) {
    for (const { id, revision, fingerprint } of notes) {
      const member = this.all.get(id);
      if (member?.revision !== revision) continue;
      this.#log.members += 1;
      this.all.set(id, { ...member, fingerprint });
    }
  }
  async noteAbsences(notes: Parameters<MemberStore['noteAbsences']>[0]) {
    for (const { id, absence } of notes) {
      const member = this.all.get(id);
      if (member === undefined) continue;
      this.#log.members += 1;
      this.all.set(id, { ...member, absence });
    }
  }
  async releaseEmailKeys(releases: Parameters<MemberStore['releaseEmailKeys']>[0]) {
    for (const { id, fromRevision } of releases) {
      const member = this.all.get(id);
      if (member?.revision === fromRevision) {
        this.all.set(id, { ...member, emailKey: null, fingerprint: null });
      }
    }
  }

  #ofStore(store: string) {
    return [...this.all.values()].filter(({ storeId }) => storeId === store);
  }
  #put(
    member: Member,
    claimed: Pick<MemberPatch, 'emailKey' | 'storeId' | 'externalId'>,
  ): WriteFailure | null {
    const refusal = this.#refusal(member, claimed);
    if (refusal !== null) return refusal;
    this.#log.members += 1;
    this.all.set(member.id, member);
    return null;
  }
  /** Why the member can't be stored: addresses are unique, and source ids in their store. */
  #refusal(
    { id, emailKey, storeId, externalId }: Member,
    claimed: Pick<MemberPatch, 'emailKey' | 'storeId' | 'externalId'>,
  ): WriteFailure | null {
    let linked: Member | null = null;
    for (const other of this.all.values()) {
      if (other.id === id) continue;
      if (emailKey !== null && other.emailKey === emailKey) {
        const error = `the e-mail address is held by ${describeMember(other)}`;
        return claimed.emailKey ? { code: 'address-taken', error } : taken;
      }
      if (storeId !== null && other.storeId === storeId && other.externalId === externalId) {
        linked = other;
      }
    }
    if (linked === null) return null;
    return claimed.storeId && claimed.externalId
      ? { code: 'source-id-taken', error: `the source id is linked to ${describeMember(linked)}` }
      : taken;
  }
  #outcome<T extends { readonly recordId: string }>(
    writes: readonly T[],
    write: (one: T) => WriteFailure | null,
  ): WriteOutcome {
    const applied: string[] = [];
    const failed: WriteOutcome['failed'][number][] = [];
    for (const one of writes) {
      const failure = write(one);
      if (failure === null) applied.push(one.recordId);
      else failed.push({ recordId: one.recordId, ...failure });
    }
    return { applied, failed };
  }
}

function describeMember({ id, storeId }: Member): string {
  return storeId === null
    ? `member ${id}, which belongs to no directory store`
    : `member ${id} of directory store ${storeId}`;
}
