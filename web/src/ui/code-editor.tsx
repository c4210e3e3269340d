import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { jsonataFunctions } from '../../../src/core/mapping/jsonata-names.ts';
import css from './code-editor.module.css';

interface SeenName {
  readonly kind: 'attribute' | 'custom';
  readonly name: string;
}

interface CodeEditorProps {
  readonly label: string;
  readonly language: 'jsonata' | 'yaml';
  readonly value: string;
  /** The attributes that the editor offers. */
  readonly names?: readonly SeenName[];
  /** What is wrong, and where: `near column 7`, `line 3`. */
  readonly error: string | null;
  readonly readOnly?: boolean;
  readonly onChange: (value: string) => void;
}

/**
 * An editor for code. It lives in a shadow root: there CodeMirror adopts its style sheets instead of adding style
 * elements, which our content policy refuses.
 */
export function CodeEditor(props: CodeEditorProps) {
  const { label, language, value, names = [], error, readOnly = false, onChange } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ onChange, names, value });
  useEffect(() => {
    latest.current = { onChange, names, value };
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          history(),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          look,
          syntaxHighlighting(colours),
          language === 'jsonata' ? jsonata : [yaml, lineNumbers()],
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          mistakes,
          language === 'jsonata' ? completion(() => latest.current.names) : [],
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.onChange(state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label, language, readOnly]);
  useEffect(() => {
    const shown = view.current;
    if (shown === null || shown.state.doc.toString() === value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const shown = view.current;
    shown?.dispatch({ effects: mark.of(markOf(shown, error)) });
  }, [error]);
  return (
    <div>
      <div ref={host} className={css['box']} data-bad={error !== null || undefined} />
      {error !== null && (
        <p role="alert" className={css['error']}>
          {error}
        </p>
      )}
    </div>
  );
}

/** Marks where the mistake is. CodeMirror's own way has styles and images that our content policy refuses. */
const mark = StateEffect.define<DecorationSet>();
const mistakes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, { changes, effects }) =>
    effects.find((effect) => effect.is(mark))?.value ?? before.map(changes),
  provide: (field) => EditorView.decorations.from(field),
});

function markOf({ state: { doc } }: EditorView, error: string | null): DecorationSet {
  if (error === null || doc.length === 0) return Decoration.none;
  const line = Number(/\bline (\d+)|^file:(\d+):/.exec(error)?.slice(1).join('') || 1);
  const column = Number(/\bcolumn (\d+)|^file:\d+:(\d+)/.exec(error)?.slice(1).join('') || 1);
  const start = doc.line(Math.min(Math.max(1, line), doc.lines)).from;
  const to = Math.min(doc.length, Math.max(start + 1, start + column));
  return Decoration.set(Decoration.mark({ class: 'mistake' }).range(Math.max(0, to - 1), to));
}

function completion(namesNow: () => readonly SeenName[]): Extension {
  const functions = jsonataFunctions.map(
    (name): Completion => ({ label: `$${name}`, type: 'function', apply: `$${name}(` }),
  );
  const find = (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\p{L}\w.$[\]=]*/u);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    const attributes = namesNow().map(
      ({ kind, name }): Completion => ({
        label: kind === 'custom' ? `$custom.${quoted(name)}` : name,
        type: 'property',
      }),
    );
    return { from: word.from, options: [...attributes, ...functions] };
  };
  return autocompletion({ override: [find] });
}

const quoted = (name: string): string =>
  /^[\p{L}_][\p{L}\w]*$/u.test(name) ? name : `\`${name}\``;

const jsonata = StreamLanguage.define({
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^'(?:[^'\\]|\\.)*'?|^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^\$[\p{L}\w]*/u)) return 'keyword';
    if (stream.match(/^\d+(?:\.\d+)?/)) return 'number';
    if (stream.match(/^(?:and|or|in|true|false|null)\b/)) return 'keyword';
    if (stream.match(/^[\p{L}_][\p{L}\w]*/u)) return 'variableName';
    stream.next();
    return 'operator';
  },
});

const yaml = StreamLanguage.define({
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^[\p{L}\w.-]+(?=\s*:(?:\s|$))/u)) return 'variableName';
    if (stream.match(/^'(?:[^']|'')*'?|^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^\d+(?:\.\d+)?\b/)) return 'number';
    if (stream.match(/^(?:true|false|null)\b/)) return 'keyword';
    stream.next();
    return null;
  },
});

const colours = HighlightStyle.define([
  { tag: tags.string, color: 'var(--ok)' },
  { tag: tags.number, color: 'var(--held)' },
  { tag: tags.keyword, color: 'var(--text)', fontWeight: '640' },
  { tag: tags.variableName, color: 'var(--accent)' },
  { tag: tags.operator, color: 'var(--text-2)' },
  { tag: tags.comment, color: 'var(--text-3)' },
]);

const look = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    fontFamily: 'var(--mono)',
    padding: '8px 2px',
    caretColor: 'var(--text)',
  },
  '.mistake': { textDecoration: 'underline wavy var(--bad)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: '0', color: 'var(--text-3)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-fill)',
    color: 'var(--on-accent)',
  },
});
