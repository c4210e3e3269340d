import { infoOfCredential } from '../../src/core/credential-info.ts';
import type { GroupSizes } from '../../src/core/criteria/group-size.ts';
import { ConfigError, Conflict, NotFound } from '../../src/core/errors.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { Credential, DirectoryStore, StoreRemoval } from '../../src/core/model/store.ts';
import type { ConfigRevision } from '../../src/core/model/store-config.ts';
import type { SyncSummary } from '../../src/core/model/sync-summary.ts';
import { caselessKey } from '../../src/core/same-name.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DirectoryStores, Resealed } from '../../src/ports/directory-stores.ts';
import type { RevisionStore } from '../../src/ports/revisions.ts';
import type { MemoryAlerts } from './memory-alerts.ts';
import type { MemoryGroups } from './memory-groups.ts';
import type { MemoryLeases } from './memory-leases.ts';
import type { MemoryMembers } from './memory-members.ts';
import type { MemoryRuns } from './memory-runs.ts';
import type { MemoryScim } from './memory-scim.ts';
import type { MemoryScimTokens } from './memory-tokens.ts';

/** The data that is removed together with a store. */
interface Owned {
  readonly members: MemoryMembers;
  readonly groups: MemoryGroups;
  readonly runs: MemoryRuns;
  readonly leases: MemoryLeases;
  readonly alerts: MemoryAlerts;
  readonly scim: MemoryScim;
  readonly scimTokens: MemoryScimTokens;
}

type Reauthorization = Parameters<DirectoryStores['reauthorize']>[1];

/** The directory stores in memory. */
export class MemoryStores implements DirectoryStores {
  readonly all = new Map<string, DirectoryStore>();
  /**
   * By store. A store that a test puts into `all` has an API key as long as it has an organization.
   */
  readonly credentials = new Map<string, Credential | null>();
  /** Stores whose credential the keys don't decrypt. */
  readonly unsealable = new Set<string>();
  /** The revisions of each store's configuration, newest first. */
  readonly kept = new Map<string, readonly ConfigRevision[]>();
  readonly sizes = new Map<string, GroupSizes>();
  /** Stores that were paused when their credential was refused. */
  readonly #wasPaused = new Set<string>();
  readonly #clock: Clock;
  readonly #owned: Owned;
  #made = 0;
  constructor(clock: Clock, owned: Owned) {
    this.#clock = clock;
    this.#owned = owned;
  }

  async create({ credential, ...given }: Parameters<DirectoryStores['create']>[0]) {
    this.#assertFree(given.name);
    this.#made += 1;
    const now = this.#clock.now();
    const store: DirectoryStore = {
      via: 'api',
      ...given,
      ...(credential !== null && {
        credentialInfo: infoOfCredential(credential, { by: given.owner, at: now }),
      }),
      id: `store${this.#made}`,
      status: 'active',
      configRevision: 1,
      shape: 1,
      createdAt: now,
      updatedAt: now,
    };
    this.all.set(store.id, store);
    this.credentials.set(store.id, credential);
    const { config, owner: by } = store;
    this.kept.set(store.id, [{ revision: 1, config, by, at: now }]);
    return store;
  }
  readonly revisions: RevisionStore = {
    list: async (store, { before = Number.POSITIVE_INFINITY, limit }) =>
      this.#revisionsOf(store)
        .filter(({ revision }) => revision < before)
        .slice(0, limit),
    get: async (store, wanted) =>
      this.#revisionsOf(store).find(({ revision }) => revision === wanted) ?? null,
    redact: async (storeId, wanted, config) => {
      const all = this.kept.get(storeId) ?? [];
      this.kept.set(
        storeId,
        all.map((each) => (each.revision === wanted ? { ...each, config } : each)),
      );
    },
  };
  async get(id: string) {
    return this.all.get(id) ?? null;
  }
  async byName(name: string) {
    const key = caselessKey(name);
    const found = [...this.all.values()].filter((store) => caselessKey(store.name) === key);
    const exact = found.find((store) => store.name === name);
    return exact ?? (found.length === 1 ? (found[0] ?? null) : null);
  }
  async list() {
    return [...this.all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  async syncSummaries(storeId?: string): Promise<readonly SyncSummary[]> {
    const runs = await this.#owned.runs.list({ modes: ['full', 'delta'] });
    return [...this.all.values()]
      .filter(({ id }) => storeId === undefined || id === storeId)
      .map(({ id, status, config: { schedule }, updatedAt }) => {
        const ends = runs.filter((run) => run.storeId === id).flatMap(endOf);
        return {
          storeId: id,
          status,
          schedule,
          changedAt: updatedAt,
          lastEnd: ends[0]?.end ?? null,
          last: lastOf(ends[0]),
          undecided: ends[0]?.undecided ?? null,
          lastSuccessAt: ends.find(({ end }) => end !== 'failed')?.at ?? null,
        };
      });
  }
  async credential(id: string): Promise<Credential | null> {
    const { orgId } = this.#store(id);
    const credential = this.credentials.get(id);
    if (credential !== undefined) return credential;
    return orgId === '' ? null : { type: 'api-key', apiKey: 'jca_test' };
  }
  async resealCredential(id: string): Promise<Resealed> {
    if (this.unsealable.has(id))
      throw new ConfigError(`The credential of ${id} can't be decrypted.`);
    return this.all.has(id) && (await this.credential(id)) !== null ? 'current' : 'none';
  }
  async groupSizes(id: string) {
    return this.sizes.get(id) ?? {};
  }
  async keepGroupSizes(id: string, sizes: GroupSizes) {
    this.sizes.set(id, sizes);
  }
  async setStatus(id: string, status: DirectoryStore['status']) {
    const before = this.#store(id).status;
    if (status !== 'needs-reauthorization') this.#wasPaused.delete(id);
    else if (before === 'paused') this.#wasPaused.add(id);
    this.#change(id, { status });
  }
  async setPerSecond(id: string, perSecond: number | null) {
    const { perSecond: _, ...store } = this.#store(id);
    this.all.set(id, { ...store, ...(perSecond !== null && { perSecond }) });
  }
  async reauthorize(id: string, { credential, owner, orgName, organization }: Reauthorization) {
    const isPaused = this.#store(id).status === 'paused' || this.#wasPaused.delete(id);
    if (credential !== null) this.credentials.set(id, credential);
    return this.#change(id, {
      owner,
      ...organization,
      ...(orgName !== undefined && { orgName }),
      ...(credential !== null && {
        credentialInfo: infoOfCredential(credential, { by: owner, at: this.#clock.now() }),
      }),
      status: isPaused ? 'paused' : 'active',
    });
  }
  async configure(
    id: string,
    { fromRevision, config, by }: Parameters<DirectoryStores['configure']>[1],
  ) {
    if (this.#store(id).configRevision !== fromRevision) {
      throw new Conflict('The configuration was changed meanwhile.');
    }
    const revision = fromRevision + 1;
    const before = this.#store(id);
    const kept = this.#revisionsOf(before);
    this.kept.set(id, [{ revision, config, by, at: this.#clock.now() }, ...kept]);
    return this.#change(id, { config, configRevision: revision });
  }
  async rename(id: string, name: string) {
    this.#assertFree(name, id);
    return this.#change(id, { name });
  }
  async changeOwner(id: string, owner: string) {
    return this.#change(id, { owner });
  }
  async markRemoval(id: string, removal: Omit<StoreRemoval, 'at'>) {
    this.#change(id, { status: 'paused', removal: { ...removal, at: this.#clock.now() } });
  }
  async remove(store: DirectoryStore, members: 'keep' | 'delete') {
    const { groups, runs, leases, alerts, scim, scimTokens } = this.#owned;
    if (this.all.has(store.id)) this.#change(store.id, { status: 'paused' });
    scimTokens.drop(store.id);
    const count = this.#closeBlockingRecord(store, members);
    await runs.removeMany((await runs.list({ storeId: store.id })).map(({ id }) => id));
    for (const { id, storeId } of alerts.all.values()) {
      if (storeId === store.id) alerts.all.delete(id);
    }
    const ofStore = (await groups.list(store.id)).map(({ externalId }) => externalId);
    await groups.removeMany(store.id, ofStore);
    scim.drop(store.id);
    this.all.delete(store.id);
    this.credentials.delete(store.id);
    this.kept.delete(store.id);
    leases.drop(store.id);
    return { members: count };
  }

  #closeBlockingRecord(
    { id, directory, orgId }: DirectoryStore,
    members: 'keep' | 'delete',
  ): number {
    const { all } = this.#owned.members;
    const own = [...all.values()].filter(({ storeId }) => storeId === id);
    for (const member of own) {
      if (members === 'delete') all.delete(member.id);
      else {
        all.set(member.id, {
          ...member,
          storeId: null,
          groups: [],
          leftGroupsAt: null,
          roles: [],
          keptFrom: { directory, orgId },
          revision: member.revision + 1,
          updatedAt: this.#clock.now(),
        });
      }
    }
    return own.length;
  }
  #revisionsOf({ id, config, configRevision }: DirectoryStore): readonly ConfigRevision[] {
    const kept = this.kept.get(id);
    return kept ?? [{ revision: configRevision, config, by: null, at: null }];
  }
  #store(id: string): DirectoryStore {
    const store = this.all.get(id);
    if (store === undefined) {
      throw new NotFound(`There is no directory store with the id ${id}.`);
    }
    return store;
  }
  #change(id: string, to: Partial<DirectoryStore>): DirectoryStore {
    const changed = { ...this.#store(id), ...to, updatedAt: this.#clock.now() };
    this.all.set(id, changed);
    return changed;
  }
  #assertFree(name: string, but?: string) {
    const others = [...this.all.values()].filter(({ id }) => id !== but);
    if (others.every((store) => caselessKey(store.name) !== caselessKey(name))) return;
    throw new Conflict(`There is a directory store named '${name}' already.`);
  }
}

/** How a sync ended, if it has: one that a decision opened again had ended before. */
function endOf(run: Run): readonly End[] {
  const { status, finishedAt, decision, undecided } = run;
  const end = decision?.from ?? status;
  const at = decision?.finishedAt ?? finishedAt;
  return end === 'succeeded' || end === 'held' || end === 'failed'
    ? [{ run, end, at, undecided }]
    : [];
}

interface End extends Pick<Run, 'undecided'> {
  readonly run: Run;
  readonly end: 'succeeded' | 'held' | 'failed';
  readonly at: Date | null;
}

function lastOf(end: End | undefined): SyncSummary['last'] {
  if (end === undefined) return null;
  const { id: runId, counts, error } = end.run;
  return { runId, endedAt: end.at, conflicts: counts.conflict, problems: counts.problem, error };
}
