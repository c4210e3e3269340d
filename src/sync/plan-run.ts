import { hash } from 'node:crypto';
import { RunFailure, SourceError } from '../core/errors.ts';
import { compileMapping } from '../core/mapping/compile-mapping.ts';
import { compileFingerprint, rulesVersion } from '../core/mapping/fingerprint.ts';
import { noCounts, type Run } from '../core/model/run.ts';
import type { Credential, DirectoryStore } from '../core/model/store.ts';
import { conflictOf } from '../core/plan/claims.ts';
import { ListingTally } from '../core/plan/tally.ts';
import { shellWord } from '../core/shell-word.ts';
import { askByIds } from './confirm-by-id.ts';
import { confirmRemovals } from './confirm-removals.ts';
import { countOutcomes } from './count-outcomes.ts';
import { type Created, nobodyCreated, readCreated } from './early-creates.ts';
import { guardRun } from './guard-run.ts';
import type { HeldLease } from './hold-lease.ts';
import { KnownPages } from './known-pages.ts';
import { planAbsent } from './plan-absent.ts';
import { type PlannedListing, planListing } from './plan-listing.ts';
import type { ConnectOptions, DirectoryStores, RecordStore, SourceDirectory } from './ports.ts';
import { comparePulled } from './push/compare-pulled.ts';
import type { KeptPlan, RunContext } from './run-context.ts';
import { prepareScope, type RunScope } from './run-scope.ts';
import type { SyncPorts, Worker } from './run-sync.ts';
import { type ClaimsContext, settleClaims } from './settle-claims.ts';
import { readStanding } from './standing-records.ts';

export interface Planning {
  readonly run: Run;
  /** The run as this worker found it. */
  readonly found: Run;
  readonly store: DirectoryStore;
  readonly lease: HeldLease;
  readonly worker: Worker;
  /** What a person should know about this run, in whole sentences. */
  readonly warnings: string[];
}

/** What a plan came to: what the run knows of itself from here on. */
export type Plan = Pick<Run, 'configRevision' | 'certificate' | 'counts' | 'warnings'>;

/** list → scope → map → diff → plan → guard: what will be written stands as records before anything is. */
export async function planRun(ports: SyncPorts, planning: Planning): Promise<Plan> {
  const { run, store, warnings } = planning;
  if (store.via === 'scim') await compareWays(ports, planning);
  const context = await openSource(ports, planning);
  const listing = await planListing(context);
  const absent = await planAbsent(context, listing);
  if (context.kept.isDelicate) {
    await confirmRemovals(context, { controls: listing.controls, doubt: absent.doubt });
    const claims = claimsOf(context, listing);
    await settleClaims(claims);
    const brakes = await guardRun({ ...ports, ...context });
    if (brakes.length > 0) await settleClaims(claims);
    warnings.push(...brakes.map(({ reason }) => reason));
  }
  await context.standing.resolve();
  warnOfListing(warnings, listing, absent.doubt);
  return {
    configRevision: store.configRevision,
    certificate: { ...listing.certificate, complete: absent.doubt === null },
    counts: {
      ...noCounts,
      ...(await countPlan(ports, run.id)),
      ...context.tally.counts,
      ...context.standing.counts,
      gone: absent.gone,
    },
    warnings,
  };
}

/** What the plan holds, by action, and how it stands; problems are counted with the listing. */
export async function countPlan(
  { records }: { readonly records: Pick<RecordStore, 'countByAction' | 'countByStatus'> },
  runId: string,
): Promise<Partial<Run['counts']>> {
  const { problem: _listed, ...actions } = await records.countByAction(runId);
  return { ...actions, ...(await countOutcomes(records, runId)) };
}

function warnOfListing(warnings: string[], listing: PlannedListing, doubt: string | null): void {
  if (doubt !== null) {
    warnings.push(`the listing is incomplete, so nobody was taken as gone: ${doubt}`);
  }
  const { problems } = listing.certificate;
  if (problems === 0) return;
  const rows = problems === 1 ? '1 row' : `${problems} rows`;
  warnings.push(`${rows} of the listing had no readable id`);
}

/** An address is given up by whoever is inactive and, asked for by id, proves to be gone. */
function claimsOf(context: RunContext, listing: PlannedListing): ClaimsContext {
  return {
    runId: context.run.id,
    turnAway: conflictOf,
    storeId: context.store.id,
    members: context.members,
    records: context.records,
    takeSeq: context.takeSeq,
    checkpoint: context.checkpoint,
    async isGone({ externalId }) {
      if (externalId === null || listing.doubt !== null) return false;
      if (listing.listed.has(externalId)) return false;
      const { directory } = context;
      const asked = askByIds([externalId], { directory, controls: listing.controls });
      for await (const { answer } of asked) return answer.is === 'gone';
      return false;
    },
  };
}

/** Connects the source, makes sure that it is the right one, and gathers what planning needs. */
export async function openSource(ports: SyncPorts, planning: Planning): Promise<RunContext> {
  const { run, store, lease, worker, warnings } = planning;
  const directory = await connect(ports, planning);
  const checkpoint = (): void => lease.check();
  const created = await createdBefore(ports, planning);
  const kept: KeptPlan = { isDelicate: false, activeCreated: 0 };
  const scope = await prepareScope(store.config.criteria, directory);
  let seq = created.lastSeq;
  return {
    run,
    store,
    directory,
    mapping: compileMapping(store.config.mapping),
    fingerprintOf: compileFingerprint(store.config, sha256),
    known: new KnownPages({ ...ports, storeId: store.id, rules: rulesOf(store, scope) }),
    warnings,
    members: ports.members,
    records: ports.records,
    plan: {
      runId: run.id,
      storeId: store.id,
      origin: { directory: store.directory, orgId: store.orgId },
      statusSync: store.config.settings.statusSync,
    },
    scope,
    tally: new ListingTally(),
    standing: await readStanding(ports, {
      storeId: store.id,
      isPreview: run.mode === 'plan',
      checkpoint,
    }),
    now: () => ports.clock.now(),
    random: ports.random,
    takeSeq: () => {
      seq += 1;
      return seq;
    },
    report: worker.onProgress,
    checkpoint,
    created,
    kept,
    async activeBefore() {
      const { active } = await ports.members.counts(store.id);
      return active - created.active - kept.activeCreated;
    },
  };
}

/** All that decides what becomes of a listed user, besides the user. */
function rulesOf({ orgId, config }: DirectoryStore, { groupsHash }: RunScope): string {
  const { mapping, criteria, settings } = config;
  return JSON.stringify([rulesVersion, orgId, mapping, settings.statusSync, criteria, groupsHash]);
}

/** 44 characters. */
const sha256 = (text: string): string => hash('sha256', text, 'base64');

/** A listing that was interrupted has created people already. */
async function createdBefore(ports: SyncPorts, { run, found }: Planning): Promise<Created> {
  return found.status === 'listing' ? readCreated(ports, run.id) : nobodyCreated;
}

/** A store that is pushed into, and whose directory can be asked as well, learns what pushes were lost. */
async function compareWays(ports: SyncPorts, planning: Planning): Promise<void> {
  const { run, store, warnings, lease } = planning;
  const credential = await ports.stores.credential(store.id);
  if (credential === null) return;
  await comparePulled({
    store,
    directory: ports.connectDirectory(connectionOf({ store, credential, lease })),
    users: ports.scim.users,
    isPreview: run.mode === 'plan',
    warnings,
    checkReach: (directory) => checkReach(directory, store),
    checkpoint: () => lease.check(),
  });
}

function connectionOf({
  store,
  credential,
  lease,
}: Pick<Planning, 'store' | 'lease'> & { readonly credential: Credential }): ConnectOptions {
  return {
    directory: store.directory,
    region: store.region,
    credential,
    orgId: store.sendOrgId ? store.orgId : null,
    signal: lease.signal,
  };
}

/** The credential of a store whose directory is asked. */
export async function credentialOf(
  { stores }: { readonly stores: Pick<DirectoryStores, 'credential'> },
  { id, name }: DirectoryStore,
): Promise<Credential> {
  const credential = await stores.credential(id);
  if (credential !== null) return credential;
  throw new RunFailure('no-credential', `${name} has no credential to ask its directory with`, {
    hint: `Give it one with: rollcall store reauthorize ${shellWord(name)} --api-key-stdin`,
  });
}

async function connect(ports: SyncPorts, { store, lease }: Planning): Promise<SourceDirectory> {
  if (store.via === 'scim') return ports.connectPushed(store.id);
  const credential = await credentialOf(ports, store);
  const directory = ports.connectDirectory(connectionOf({ store, credential, lease }));
  await checkReach(directory, store);
  return directory;
}

/** Throws `SourceError` `other-organization` unless it is still the store's organization that answers. */
async function checkReach(directory: SourceDirectory, { orgId }: DirectoryStore): Promise<void> {
  const organizations = await directory.organizations();
  if (organizations.some(({ id }) => id === orgId)) return;
  throw new SourceError(
    'auth',
    'other-organization',
    `the credential no longer reads organization ${orgId}`,
    { hint: 'Reauthorize the store with a credential of that organization.' },
  );
}
