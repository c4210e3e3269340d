import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useSyncExternalStore } from 'react';

/** The keys of the console, as its list of keys shows them. */
export const shortcuts = [
  { keys: '⌘K, Ctrl K', does: 'Find a person, run or store' },
  { keys: 'g o', does: 'Overview' },
  { keys: 'g s', does: 'Directory stores' },
  { keys: 'g m', does: 'Members' },
  { keys: 'g r', does: 'Runs' },
  { keys: 'g a', does: 'Audit' },
  { keys: '/', does: 'Search in the list' },
  { keys: 'j, k', does: 'Next and previous row' },
  { keys: 'x', does: 'Select the row' },
  { keys: '?', does: 'This list' },
] as const;

const places: Readonly<Record<string, string>> = {
  o: '/',
  s: '/stores',
  m: '/members',
  r: '/runs',
  a: '/audit',
};

/** After `g` the letter of a place is awaited this long. */
const chordMs = 1_500;
const storageKey = 'single-keys';
const changed = 'single-keys-changed';

/** Whether single keys act: a person who speaks or switches to the page can turn them off (WCAG 2.1.4). */
export function useSingleKeys(): readonly [boolean, (on: boolean) => void] {
  const isOn = useSyncExternalStore(
    (notify) => {
      addEventListener(changed, notify);
      return () => removeEventListener(changed, notify);
    },
    () => localStorage.getItem(storageKey) !== 'off',
  );
  return [
    isOn,
    (on) => {
      localStorage.setItem(storageKey, on ? 'on' : 'off');
      dispatchEvent(new Event(changed));
    },
  ];
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'));

interface Opened {
  readonly onFind: () => void;
  readonly onHelp: () => void;
}

/** Follows the keys that act on every screen; none while a dialog is open or a person types. */
export function useKeys({ onFind, onHelp }: Opened): void {
  const navigate = useNavigate();
  const [isOn] = useSingleKeys();
  const chordSince = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const follow = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onFind();
        return;
      }
      const isOther = event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target);
      if (!isOn || isOther || document.querySelector('[role="dialog"]') !== null) return;
      const isChord = event.timeStamp - chordSince.current < chordMs;
      chordSince.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const place = places[event.key];
      if (isChord && place !== undefined) void navigate({ to: place });
      else if (event.key === '?') onHelp();
      else if (event.key === '/') {
        const search = document.querySelector<HTMLElement>('main input[type="search"]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
      }
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  }, [isOn, navigate, onFind, onHelp]);
}
