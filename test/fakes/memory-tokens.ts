import { Conflict } from '../../src/core/errors.ts';
import type { AccessToken, ScimToken } from '../../src/core/model/token.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ScimTokenStore } from '../../src/ports/scim.ts';
import type { TokenStore } from '../../src/ports/tokens.ts';

/** Access tokens in memory. */
export class MemoryTokens implements TokenStore {
  readonly all = new Map<string, AccessToken>();
  readonly #secrets = new Map<string, string>();
  readonly #clock: Clock;
  #made = 0;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async create({ name, role, expiresAt }: Parameters<TokenStore['create']>[0]) {
    if ([...this.all.values()].some((token) => token.name === name)) {
      throw new Conflict(`There is a token named '${name}' already.`);
    }
    this.#made += 1;
    const id = `token${this.#made}`;
    const secret = `rc_once${this.#made}`;
    const made = { createdAt: this.#clock.now(), lastUsedAt: null };
    const token = { id, name, role, ...made, expiresAt: expiresAt ?? null };
    this.all.set(id, token);
    this.#secrets.set(secret, id);
    return { token, secret };
  }
  async list() {
    return [...this.all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async bySecret(secret: string) {
    const token = this.all.get(this.#secrets.get(secret) ?? '');
    if (token === undefined) return null;
    const now = this.#clock.now();
    const { lastUsedAt } = token;
    if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < 60_000) return token;
    const used = { ...token, lastUsedAt: now };
    this.all.set(token.id, used);
    return used;
  }
  async revoke(id: string) {
    return this.all.delete(id);
  }

  /** Adds a token; returns its secret, `rc_` and its id. */
  add(
    id: string,
    role: AccessToken['role'],
    { name = id, expiresAt = null }: { name?: string; expiresAt?: Date | null } = {},
  ): string {
    const made = { createdAt: new Date('2026-01-01'), lastUsedAt: null };
    this.all.set(id, { id, name, role, ...made, expiresAt });
    this.#secrets.set(`rc_${id}`, id);
    return `rc_${id}`;
  }
}

/** SCIM tokens in memory. */
export class MemoryScimTokens implements ScimTokenStore {
  /** The requests, in order. */
  readonly issued: { readonly storeId: string; readonly overlapMs: number }[] = [];
  readonly #tokens = new Map<string, ScimToken & { readonly endsAtMs: number }>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async issue(storeId: string, overlapMs: number, expiresAt?: Date) {
    const endsAtMs = this.#clock.now().getTime() + overlapMs;
    for (const [secret, token] of this.#tokens) {
      if (token.storeId !== storeId) continue;
      this.#tokens.set(secret, { ...token, endsAtMs: Math.min(token.endsAtMs, endsAtMs) });
    }
    this.issued.push({ storeId, overlapMs });
    const id = `scim${this.issued.length}`;
    const secret = `rcs_${this.issued.length}`;
    const made = { id, storeId, createdAt: this.#clock.now(), expiresAt: expiresAt ?? null };
    this.#tokens.set(secret, { ...made, endsAtMs: Number.POSITIVE_INFINITY });
    return secret;
  }
  async bySecret(secret: string) {
    const token = this.#tokens.get(secret);
    if (token === undefined || token.endsAtMs <= this.#clock.now().getTime()) return null;
    const { endsAtMs: _, ...rest } = token;
    return rest;
  }
  async working(storeId: string) {
    return [...this.#tokens.values()]
      .filter((token) => token.storeId === storeId && token.endsAtMs > this.#clock.now().getTime())
      .map(({ endsAtMs, ...token }) => ({
        ...token,
        endsAt: endsAtMs === Number.POSITIVE_INFINITY ? null : new Date(endsAtMs),
      }))
      .reverse();
  }
  async list(storeId?: string) {
    return [...this.#tokens.values()]
      .filter((token) => token.endsAtMs === Number.POSITIVE_INFINITY)
      .filter((token) => storeId === undefined || token.storeId === storeId)
      .map(({ id, createdAt, expiresAt, ...token }) => ({
        id,
        storeId: token.storeId,
        createdAt,
        expiresAt,
      }));
  }

  /** Ends all tokens of a store. */
  drop(storeId: string) {
    for (const [secret, token] of this.#tokens) {
      if (token.storeId === storeId) this.#tokens.delete(secret);
    }
  }
}
