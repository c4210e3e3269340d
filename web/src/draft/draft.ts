import type { Configuration, Sections } from '../api/client.ts';
import {
  differences,
  isSame,
  type Lines,
  lineOf,
  linesOf,
  sectionNames,
  sectionOf,
  withEdits,
} from './lines.ts';

/** A line that was stored otherwise. */
interface Change {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** A line that this draft and a colleague both changed, each to something else. */
interface Clash {
  readonly path: string;
  readonly from: unknown;
  readonly theirs: unknown;
  readonly mine: unknown;
}

/** A changed configuration that is not stored yet. */
export interface Draft {
  /** The configuration that is stored, as it was last read. */
  readonly base: Configuration;
  /** What replaces lines of it; null unmaps a field. */
  readonly edits: Lines;
  /** What is still to be decided before the draft can be saved. */
  readonly clashes: readonly Clash[];
  /** What others stored since the draft was begun. */
  readonly theirs: readonly Change[];
  /** The preview of one state of the draft. */
  readonly preview: { readonly key: string; readonly runId: string } | null;
}

export type DraftEvent =
  | { readonly type: 'edit'; readonly path: string; readonly value: unknown }
  /** The whole configuration was written anew, as in the store file. */
  | { readonly type: 'replace'; readonly sections: Sections }
  | { readonly type: 'discard' }
  | { readonly type: 'saved'; readonly base: Configuration }
  /** Another revision is stored: what does not overlap goes on in the draft. */
  | { readonly type: 'stored'; readonly base: Configuration }
  /** Their changes were read. */
  | { readonly type: 'seen' }
  | { readonly type: 'choose'; readonly path: string; readonly side: 'mine' | 'theirs' }
  | { readonly type: 'previewed'; readonly key: string; readonly runId: string };

export const newDraft = (base: Configuration): Draft => ({
  base,
  edits: new Map(),
  clashes: [],
  theirs: [],
  preview: null,
});

/** The draft after something happened. Nothing that was typed is lost but by `discard` and `choose`. */
export function reduceDraft(draft: Draft, event: DraftEvent): Draft {
  const { base, edits } = draft;
  switch (event.type) {
    case 'edit':
      return {
        ...draft,
        edits: withLine(draft, event.path, event.value),
        // Who writes the line anew has seen the other one.
        clashes: draft.clashes.filter(({ path }) => path !== event.path),
      };
    case 'replace':
      return { ...draft, edits: differences(base, event.sections) };
    case 'discard':
      return newDraft(base);
    case 'saved':
      return newDraft(event.base);
    case 'stored':
      return rebase(draft, event.base);
    case 'seen':
      return { ...draft, theirs: [] };
    case 'choose': {
      const left = new Map(edits);
      if (event.side === 'theirs') left.delete(event.path);
      const clashes = draft.clashes.filter(({ path }) => path !== event.path);
      return { ...draft, edits: left, clashes };
    }
    case 'previewed':
      return { ...draft, preview: { key: event.key, runId: event.runId } };
  }
}

/** The configuration as the draft has it. */
export const drafted = ({ base, edits }: Draft): Configuration => withEdits(base, edits);

/** The sections that the draft changes, whole: a section that is sent replaces the stored one. */
export function changedSections(draft: Draft): Partial<Sections> {
  const changed = new Set([...draft.edits.keys()].map(sectionOf));
  const now = drafted(draft);
  return Object.fromEntries(
    sectionNames.flatMap((name) => (changed.has(name) ? [[name, now[name]]] : [])),
  );
}

/** Two drafts with one key would touch the same people. */
export const previewKey = ({ base, edits }: Draft): string =>
  JSON.stringify([
    base.revision,
    [...edits].toSorted(([a], [b]) => (a < b ? -1 : 1)).filter(([path]) => wantsPreview(path)),
  ]);

/** Whether a change of this line can touch people by itself: a schedule and a safeguard can not. */
export const wantsPreview = (path: string): boolean =>
  sectionOf(path) !== 'schedule' && sectionOf(path) !== 'safeguards';

function withLine({ base, edits }: Draft, path: string, value: unknown): Lines {
  const next = new Map(edits);
  if (isSame(lineOf(linesOf(base), path), value)) next.delete(path);
  else next.set(path, value);
  return next;
}

function rebase(draft: Draft, stored: Configuration): Draft {
  // An answer that comes late may be older than what is known.
  if (stored.revision <= draft.base.revision) return draft;
  if (draft.edits.size === 0) return newDraft(stored);
  const before = linesOf(draft.base);
  const now = linesOf(stored);
  const edits = [...draft.edits].filter(([path, mine]) => !isSame(lineOf(now, path), mine));
  const clashes = edits.flatMap(([path, mine]): Clash[] => {
    const open = draft.clashes.find((clash) => clash.path === path);
    const from = lineOf(before, path);
    const theirs = lineOf(now, path);
    if (isSame(from, theirs)) return open === undefined ? [] : [open];
    return [{ path, from: open === undefined ? from : open.from, theirs, mine }];
  });
  const changed = [...differences(draft.base, stored)].map(
    ([path, to]): Change => ({ path, from: lineOf(before, path), to }),
  );
  return {
    base: stored,
    edits: new Map(edits),
    clashes,
    theirs: [...draft.theirs, ...changed],
    preview: draft.preview,
  };
}
