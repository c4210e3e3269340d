import { type News, newsOf } from '../../core/mail/news-of-records.ts';
import type { SyncRecord } from '../../core/model/record.ts';
import { type Run, syncModes } from '../../core/model/run.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { NoticeStore } from '../../ports/notices.ts';
import type { RunStore } from '../../ports/runs.ts';

export interface NotePorts {
  readonly notices: Pick<NoticeStore, 'isSilent' | 'add' | 'activate' | 'forget'>;
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly clock: Clock;
}

/** Notes records whose members were written. */
export type NoteWritten = (records: readonly SyncRecord[]) => Promise<void>;

type NotedRun = Pick<Run, 'id' | 'storeId' | 'mode' | 'trigger' | 'notify'>;

/**
 * Puts the notices about written records into the outbox. Called after the members are written and before the records
 * are marked: a crash in between calls it again, which changes nothing twice.
 */
export function openNotes(ports: NotePorts, run: NotedRun): NoteWritten {
  const { notices } = ports;
  const { storeId } = run;
  let mode: Promise<NoteMode> | null = null;
  return async (records) => {
    if (notices.isSilent || storeId === null) return;
    const news = newsOf(records, storeId);
    if (isNothing(news)) return;
    mode ??= modeOf(ports, { ...run, storeId });
    await store(notices, news, await mode);
  };
}

/**
 * `send`: newcomers get a mail. `remember`: none do, but members that were created inactive do when they become active
 * later. `ignore`: the run brings no newcomers, as edits by hand and undo runs.
 */
type NoteMode = 'send' | 'remember' | 'ignore';

async function modeOf(
  { stores, runs }: Pick<NotePorts, 'stores' | 'runs'>,
  { id, storeId, mode, trigger, notify }: NotedRun & { readonly storeId: string },
): Promise<NoteMode> {
  if (!syncModes.some((known) => known === mode)) return 'ignore';
  const found = await stores.get(storeId);
  if (found?.config.settings.notifications.mail !== 'notify') return 'remember';
  if (trigger === 'push' || notify === true) return 'send';
  // The first import brings all members at once: it sends only when that is asked for.
  const statuses = ['succeeded', 'held'] as const;
  const earlier = await runs.list({ storeId, modes: syncModes, statuses, before: id, limit: 1 });
  return earlier.length > 0 ? 'send' : 'remember';
}

async function store(notices: NotePorts['notices'], news: News, mode: NoteMode): Promise<void> {
  const added = [
    ...(mode === 'send' ? news.arrived : []),
    ...(mode === 'ignore' ? [] : news.staged),
    ...news.moved,
  ];
  if (news.deleted.length > 0) await notices.forget(news.deleted);
  if (added.length > 0) await notices.add(added);
  const { reactivated, activatedOtherwise } = news;
  if (reactivated.length > 0)
    await notices.activate(reactivated, mode === 'send' ? 'send' : 'drop');
  if (activatedOtherwise.length > 0) await notices.activate(activatedOtherwise, 'drop');
}

function isNothing(news: News): boolean {
  return Object.values(news).every((list: readonly unknown[]) => list.length === 0);
}
