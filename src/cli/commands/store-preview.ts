import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { StoreConfig } from '../../core/model/store-config.ts';
import { type ConfigChange, describeChanges } from '../../core/store-file/describe-changes.ts';
import { viewRecordsOf } from '../../manage/runs/view-records.ts';
import { previewConfiguration } from '../../manage/stores/configure-store.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import { recordJson } from '../../presenters/record.ts';
import { runJson } from '../../presenters/run.ts';
import { storeJson } from '../../presenters/store.ts';
import type { Connected, Context } from '../context.ts';
import { exitCodeOf } from '../exit.ts';
import { followRun } from '../follow-run.ts';
import { recordColumns, resultText, summarizeRun } from '../views/describe-run.ts';
import { changeText } from '../views/words.ts';

/** Shows the members that a store's next run would change under another configuration, without storing it. */
export async function previewStore(
  connected: Connected,
  {
    store,
    config,
    resets,
  }: {
    readonly store: DirectoryStore;
    readonly config: StoreConfig;
    readonly resets: readonly ConfigChange[];
  },
): Promise<void> {
  const { context, ports } = connected;
  const { output } = context;
  const changes = describeChanges(store.config, config);
  const queued = await previewConfiguration(ports, { store, config }, context.actor);
  const { run } = await followRun(connected, queued, () => undefined);
  context.setExitCode(exitCodeOf(run));
  const items = viewRecordsOf(ports, run);
  const head = {
    ...storeJson(await viewStore(ports, store)),
    changes,
    resets,
    run: runJson(run, store.name),
  };
  if (output.json) return output.objectWithList(head, 'records', { items, json: recordJson });
  await output.answer(head, () => [...describeChange(store, changes), ...describePreview(run)]);
  if (run.status !== 'planned') return;
  await output.table({ items, columns: recordColumns, empty: 'It would change no member.' });
}

function describeChange(
  store: DirectoryStore,
  changes: readonly ConfigChange[],
): readonly string[] {
  if (changes.length === 0) return [`${store.name} is configured like that already.`, ''];
  return [`Would configure ${store.name}:`, ...changeLines(changes), ''];
}

/** One changed setting a line. */
export function changeLines(changes: readonly ConfigChange[]): readonly string[] {
  return changes.map(({ path, from, to }) => `  ${path}: ${changeText(from, to, 'unset')}`);
}

/** Says what goes back to a default before anything is stored. */
export function noteResets({ output }: Context, resets: readonly ConfigChange[]): void {
  if (resets.length === 0) return;
  output.note('A section of the file replaces the whole one. It leaves these out, which go back');
  output.note('to their defaults:');
  for (const line of changeLines(resets)) output.note(line);
}

function describePreview(run: Run): readonly string[] {
  if (run.status !== 'planned') return summarizeRun(run);
  const warnings = run.warnings.map((warning) => `Warning: ${warning}`);
  return [`The next run ${resultText(run)}. Nothing was kept or written.`, ...warnings, ''];
}
