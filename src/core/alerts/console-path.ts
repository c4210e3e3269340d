import type { AttentionKind } from '../model/attention.ts';

/** The screen of the console that answers something that waits for a person. */
export function consolePathOf(
  kind: AttentionKind,
  { storeId, runId }: { readonly storeId: string | null; readonly runId: string | null },
): string {
  const store = storeId === null ? '/stores' : `/stores/${storeId}`;
  const run = runId === null ? '/runs' : `/runs/${runId}`;
  switch (kind) {
    case 'run-held':
    case 'run-failed':
    case 'undecided':
      return run;
    case 'reported':
      return `${run}?status=reported`;
    case 'needs-reauthorization':
      return `${store}#reauthorize`;
    case 'token-expires':
      return storeId === null ? '/access' : `${store}#reauthorize`;
    case 'stale':
    case 'set-up':
      return store;
    case 'alerts-undelivered':
    case 'domain-lapsed':
      return '/system';
  }
}
