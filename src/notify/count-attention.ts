import { staleSince } from '../core/alerts/staleness.ts';
import type { AlertKind } from '../core/model/alert.ts';
import { needsPerson } from '../core/model/run.ts';
import type { DirectoryStores } from '../ports/directory-stores.ts';
import type { RunStore } from '../ports/runs.ts';
import { listExpiring, type TokenPorts } from './expiring-tokens.ts';

interface AttentionPorts extends TokenPorts {
  readonly stores: Pick<DirectoryStores, 'syncSummaries'>;
  readonly runs: Pick<RunStore, 'list'>;
}

/**
 * Counts the runs, stores and tokens that wait for a person now. A store that needs to be reauthorized counts only as that.
 */
export async function countAttention(
  ports: AttentionPorts,
  staleMs: number,
): Promise<Readonly<Record<AlertKind, number>>> {
  const { stores, runs, clock } = ports;
  const [summaries, holding, expiring] = await Promise.all([
    stores.syncSummaries(),
    runs.list({ holding: true }),
    listExpiring(ports),
  ]);
  const now = clock.now();
  const refused = summaries.filter(({ status }) => status === 'needs-reauthorization');
  const failed = summaries.filter(
    ({ status, lastEnd }) => status !== 'needs-reauthorization' && lastEnd === 'failed',
  );
  return {
    'run-held': holding.length,
    'run-failed': failed.length,
    'needs-reauthorization': refused.length,
    undecided: summaries.filter(({ undecided }) => needsPerson(undecided)).length,
    stale: summaries.filter((summary) => staleSince(summary, { now, staleMs }) !== null).length,
    'token-expires': expiring.length,
  };
}
