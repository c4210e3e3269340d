import { createHash, randomUUID } from 'node:crypto';
import { emailKeyOf } from '../../src/core/email.ts';
import type { Person } from '../../src/core/model/person.ts';
import type { Session, SessionHolder } from '../../src/core/model/session.ts';
import { type Claims, noRoles, type RoleLists, roleOf } from '../../src/core/people/role-of.ts';
import { isOver, needsRenewal } from '../../src/core/people/session-ends.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { PersonStore, SessionStore } from '../../src/ports/people.ts';

/** People who signed in, in memory. */
export class MemoryPeople implements PersonStore {
  readonly all = new Map<string, Omit<Person, 'role'>>();
  roles: RoleLists = noRoles;
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async signIn({ issuer, sub, claims }: Parameters<PersonStore['signIn']>[0]) {
    const now = this.#clock.now();
    const known = await this.bySubject(issuer, sub);
    const id = known?.id ?? `person${this.all.size + 1}`;
    const createdAt = known?.createdAt ?? now;
    this.all.set(id, { id, issuer, sub, ...claims, createdAt, signedInAt: now });
    return this.#read(id) as Person;
  }
  async renew(id: string, claims: Claims) {
    const person = this.all.get(id);
    if (person !== undefined) this.all.set(id, { ...person, ...claims });
  }
  async get(id: string) {
    return this.#read(id);
  }
  async bySubject(issuer: string, sub: string) {
    const found = [...this.all.values()].find((one) => one.issuer === issuer && one.sub === sub);
    return found === undefined ? null : this.#read(found.id);
  }
  async list({ after = '', limit }: Parameters<PersonStore['list']>[0]) {
    const ids = [...this.all.keys()].filter((id) => id > after).sort();
    return ids.slice(0, limit).map((id) => this.#read(id) as Person);
  }
  async withAddress(address: string) {
    const key = emailKeyOf(address);
    const ids = [...this.all.values()]
      .filter((one) => one.address !== null && emailKeyOf(one.address) === key)
      .map(({ id }) => id);
    return ids.map((id) => this.#read(id) as Person);
  }
  async remove(id: string) {
    this.all.delete(id);
  }

  #read(id: string): Person | null {
    const person = this.all.get(id);
    return person === undefined ? null : { ...person, role: roleOf(person, this.roles) };
  }
}

interface Kept extends Omit<Session, 'isRenewable'> {
  readonly refreshToken: string | null;
  readonly renewAfter: Date | null;
}

const minuteMs = 60_000;

/** Sessions in memory. */
export class MemorySessions implements SessionStore {
  readonly all = new Map<string, Kept>();
  readonly #used = new Set<string>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async begin({ holder, sid = null, refreshToken = null }: Parameters<SessionStore['begin']>[0]) {
    const secret = `rcw_${randomUUID()}`;
    const now = this.#clock.now();
    const id = hashOf(secret);
    const renewedAt = holder.kind === 'user' ? now : null;
    const times = { createdAt: now, activeAt: now, renewedAt, renewAfter: null };
    this.all.set(id, { id, holder, sid, refreshToken, ...times });
    return { session: (await this.get(id)) as Session, secret };
  }
  async bySecret(secret: string) {
    return this.get(hashOf(secret));
  }
  async get(id: string) {
    const kept = this.all.get(id);
    if (kept === undefined) return null;
    const { refreshToken, renewAfter: _, ...rest } = kept;
    const session: Session = { ...rest, isRenewable: refreshToken !== null };
    return isOver(session, this.#clock.now()) ? null : session;
  }
  async noteActivity(session: Session) {
    const now = this.#clock.now();
    if (now.getTime() - session.activeAt.getTime() < minuteMs) return session;
    this.#change(session.id, { activeAt: now });
    return { ...session, activeAt: now };
  }
  async end(id: string) {
    this.all.delete(id);
  }
  async endAllOf({ kind, id }: SessionHolder) {
    return this.#endWhere(({ holder }) => holder.kind === kind && holder.id === id);
  }
  async endBySid(sid: string) {
    return this.#endWhere((session) => session.sid === sid);
  }
  async countOf(userIds: readonly string[]) {
    const counts = new Map<string, number>();
    for (const { id } of this.all.values()) {
      const holder = (await this.get(id))?.holder;
      if (holder?.kind !== 'user' || !userIds.includes(holder.id)) continue;
      counts.set(holder.id, (counts.get(holder.id) ?? 0) + 1);
    }
    return counts;
  }
  async claimRenewal(id: string) {
    const [kept, now] = [this.all.get(id), this.#clock.now()];
    if (!kept?.refreshToken || !needsRenewal({ ...kept, isRenewable: true }, now)) return null;
    if (kept.renewAfter !== null && kept.renewAfter > now) return null;
    this.#change(id, { renewAfter: new Date(now.getTime() + minuteMs) });
    return kept.refreshToken;
  }
  async noteRenewal(id: string, renewal: Parameters<SessionStore['noteRenewal']>[1]) {
    const { refreshToken, isConfirmed } = renewal;
    this.#change(id, {
      ...(refreshToken !== null && { refreshToken }),
      ...(isConfirmed && { renewedAt: this.#clock.now() }),
    });
  }
  async useOnce(key: string) {
    const isNew = !this.#used.has(key);
    this.#used.add(key);
    return isNew;
  }

  #change(id: string, change: Partial<Kept>): void {
    const kept = this.all.get(id);
    if (kept !== undefined) this.all.set(id, { ...kept, ...change });
  }
  #endWhere(matches: (session: Kept) => boolean): number {
    const ended = [...this.all.values()].filter(matches);
    for (const { id } of ended) this.all.delete(id);
    return ended.length;
  }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
