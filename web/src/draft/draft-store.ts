import { useSyncExternalStore } from 'react';
import type { Configuration } from '../api/client.ts';
import { beforeReload, forgetKept, keptDrafts } from '../shell/reload.ts';
import { type Draft, type DraftEvent, newDraft, reduceDraft } from './draft.ts';

interface Kept {
  readonly storeId: string;
  readonly base: Configuration;
  readonly edits: readonly (readonly [string, unknown])[];
}

const drafts = takeKept();
beforeReload.add(() => {
  const all = [...drafts].map(([storeId, { base, edits }]) => ({
    storeId,
    base,
    edits: [...edits],
  })) satisfies Kept[];
  sessionStorage.setItem(keptDrafts, JSON.stringify(all));
});

function takeKept(): Map<string, Draft> {
  const kept = JSON.parse(sessionStorage.getItem(keptDrafts) ?? '[]') as Kept[];
  forgetKept();
  return new Map(
    kept.map(({ storeId, base, edits }) => [storeId, { ...newDraft(base), edits: new Map(edits) }]),
  );
}

const watchers = new Set<() => void>();

function put(storeId: string, draft: Draft): void {
  drafts.set(storeId, draft);
  for (const tell of watchers) tell();
}

/** Begins a draft, or changes the one there is. Drafts outlive the screen, the session and an offered reload, not the tab. */
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
