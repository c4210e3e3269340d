import { within } from '../../core/input-problems.ts';
import { describeResets } from '../../core/store-file/describe-changes.ts';
import { findStore } from '../../manage/find.ts';
import { bindRoles } from '../../manage/stores/bind-roles.ts';
import { configureStore, readSections } from '../../manage/stores/configure-store.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import { storeJson } from '../../presenters/store.ts';
import type { Connected } from '../context.ts';
import { readStoreFile } from '../read-store-file.ts';
import { noteLateSchedules } from '../views/note-late-schedules.ts';
import { changeLines, noteResets, previewStore } from './store-preview.ts';

export interface ApplyOptions {
  readonly file: string;
  readonly preview?: true;
}

/** Configures a store from a file, or shows what that would change. */
export async function applyFile(
  connected: Connected,
  name: string,
  { file, preview }: ApplyOptions,
): Promise<void> {
  const { context, ports } = connected;
  const store = await findStore(ports, name);
  const where = file === '-' ? 'standard input' : file;
  const document = await readStoreFile(file, context.deps.stdin);
  const read = within(where, () => readSections(ports, store, document));
  const config = await bindRoles(ports, store, read);
  const resets = describeResets(document, store.config, config);
  noteResets(context, resets);
  if (preview === true) return previewStore(connected, { store, config, resets });
  const configured = await configureStore(ports, { store, config }, context.actor);
  const { changes, notes, scope } = configured;
  noteLateSchedules(context, configured.scheduleError);
  const view = await viewStore(ports, configured.store);
  for (const note of notes) context.output.note(note);
  return context.output.answer({ ...storeJson(view), changes, resets, notes, scope }, () =>
    changes.length === 0
      ? [`${store.name} is configured like that already: nothing changed.`]
      : [`Configured ${store.name}:`, ...changeLines(changes), 'The next run works by it.'],
  );
}
