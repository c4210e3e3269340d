import { attentionOf } from '../core/alerts/attention.ts';
import type { AlertKind } from '../core/model/alert.ts';
import { alertKinds } from '../core/model/alert.ts';
import type { Attention } from '../core/model/attention.ts';
import type { SyncSummary } from '../core/model/sync-summary.ts';
import type { AlertStore } from '../ports/alerts.ts';
import type { DirectoryStores } from '../ports/directory-stores.ts';
import type { DomainStore } from '../ports/domains.ts';
import type { RunStore } from '../ports/runs.ts';
import { listExpiring, type TokenPorts } from './expiring-tokens.ts';

interface CountPorts extends TokenPorts {
  readonly stores: Pick<DirectoryStores, 'syncSummaries'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly domains: Pick<DomainStore, 'list'>;
}

interface AttentionPorts extends CountPorts {
  readonly stores: Pick<DirectoryStores, 'syncSummaries' | 'list'>;
  readonly alerts: Pick<AlertStore, 'summary'>;
}

/** Counts the runs, stores and tokens that wait for a person now, by the kind of their alert. */
export async function countAttention(
  ports: CountPorts,
  staleMs: number,
): Promise<Readonly<Record<AlertKind, number>>> {
  const all = attentionOf(await readFacts(ports), { now: ports.clock.now(), staleMs });
  const counts = alertKinds.map((kind) => [kind, all.filter((one) => one.kind === kind).length]);
  return Object.fromEntries(counts) as Record<AlertKind, number>;
}

/** Everything that waits for a person now, the most urgent first. */
export async function findAttention(
  ports: AttentionPorts,
  staleMs: number,
): Promise<readonly (Attention & { readonly storeName: string | null })[]> {
  const [facts, stores, alerts] = await Promise.all([
    readFacts(ports),
    ports.stores.list(),
    ports.alerts.summary(),
  ]);
  const byId = new Map(stores.map((store) => [store.id, store]));
  const { summaries } = facts;
  const setUps = await Promise.all(
    summaries.map(async (summary) =>
      isUntouched(summary) && !(await hasSync(ports, summary))
        ? [setUp(summary, byId.get(summary.storeId))]
        : [],
    ),
  );
  const all: readonly Attention[] = [
    ...attentionOf(facts, { now: ports.clock.now(), staleMs }),
    ...undelivered(alerts),
    ...summaries.flatMap(reported),
    ...setUps.flat(),
  ];
  return all.map((one) => ({ ...one, storeName: byId.get(one.storeId ?? '')?.name ?? null }));
}

async function readFacts(ports: CountPorts) {
  const [summaries, holding, expiring, domains] = await Promise.all([
    ports.stores.syncSummaries(),
    ports.runs.list({ holding: true }),
    listExpiring(ports),
    ports.domains.list(),
  ]);
  return { summaries, holding, expiring, domains };
}

/** A store that needs a credential is named only as that. */
const isUntouched = ({ last, status }: SyncSummary): boolean =>
  last === null && status !== 'needs-reauthorization';

/** Whether a sync was asked for, although none has ended. */
async function hasSync(
  { runs }: Pick<AttentionPorts, 'runs'>,
  { storeId }: SyncSummary,
): Promise<boolean> {
  return (await runs.list({ storeId, modes: ['full', 'delta'], limit: 1 })).length > 0;
}

function setUp(
  { storeId }: SyncSummary,
  store: Awaited<ReturnType<DirectoryStores['list']>>[number] | undefined,
): Attention {
  const params = store === undefined ? {} : { via: store.via };
  return { kind: 'set-up', storeId, runId: null, since: store?.createdAt ?? null, params };
}

/** People whom the last sync could not sync, unless it failed as a whole. */
function reported({ storeId, status, lastEnd, last }: SyncSummary): readonly Attention[] {
  if (last === null || lastEnd === 'failed' || status === 'needs-reauthorization') return [];
  const { runId, endedAt, conflicts, problems } = last;
  if (conflicts + problems === 0) return [];
  return [{ kind: 'reported', storeId, runId, since: endedAt, params: { conflicts, problems } }];
}

function undelivered({
  failing,
  givenUp,
}: Awaited<ReturnType<AlertStore['summary']>>): readonly Attention[] {
  if (failing + givenUp === 0) return [];
  const params = { failing, givenUp };
  return [{ kind: 'alerts-undelivered', storeId: null, runId: null, since: null, params }];
}
