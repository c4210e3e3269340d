import { useSyncExternalStore } from 'react';
import { type Draft, type DraftEvent, reduceDraft } from './draft.ts';

const drafts = new Map<string, Draft>();
const watchers = new Set<() => void>();

function put(storeId: string, draft: Draft): void {
  drafts.set(storeId, draft);
  for (const tell of watchers) tell();
}

/** Begins a draft, or changes the one there is. Drafts outlive the screen and the session, not the tab. */
export function changeDraft(storeId: string, event: DraftEvent): void {
  const draft = drafts.get(storeId);
  if (draft !== undefined) put(storeId, reduceDraft(draft, event));
}

export function beginDraft(storeId: string, draft: Draft): void {
  if (!drafts.has(storeId)) put(storeId, draft);
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export const useDraft = (storeId: string): Draft | null =>
  useSyncExternalStore(watch, () => drafts.get(storeId) ?? null);
