import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { foundMembersQuery } from '../api/queries/members.ts';
import { latestRunsQuery } from '../api/queries/runs.ts';
import { storesQuery } from '../api/queries/stores.ts';
import { memberName, runStatusWords, runTitle } from '../words.ts';
import css from './palette.module.css';

/** Fewer letters find too many people. */
const leastLetters = 2;
const shownRuns = 5;

interface Found {
  readonly key: string;
  readonly group: string;
  readonly label: string;
  readonly detail: string;
  readonly to: string;
  /** What stands after `#`: a typed address is in no log. */
  readonly hash?: string;
}

const screens: readonly Omit<Found, 'key' | 'group' | 'detail'>[] = [
  { label: 'Overview', to: '/' },
  { label: 'Directory stores', to: '/stores' },
  { label: 'Members', to: '/members' },
  { label: 'Runs', to: '/runs' },
  { label: 'Audit', to: '/audit' },
  { label: 'Access', to: '/access' },
  { label: 'System', to: '/system' },
  { label: 'Add a directory', to: '/stores/new' },
];

/** Finds screens, stores, members and runs by what is typed, and goes there. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const found = useFound(text.trim());
  const go = ({ to, hash }: Found) => {
    onClose();
    void navigate({ to, ...(hash !== undefined && { hash }) });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={css['palette']} aria-label="Find">
          <Autocomplete.Root
            open
            inline
            mode="none"
            autoHighlight="always"
            keepHighlight
            items={found}
            itemToStringValue={({ label }) => label}
            value={text}
            onValueChange={(value, { reason }) => reason !== 'item-press' && setText(value)}
          >
            <div className={css['input']}>
              <Search size={18} aria-hidden />
              <Autocomplete.Input
                aria-label="Find a person, run or store"
                placeholder="Name, address, store or screen"
                spellCheck={false}
              />
              <kbd>Esc</kbd>
            </div>
            <Autocomplete.Empty className={css['none']}>Nothing matches.</Autocomplete.Empty>
            <Autocomplete.List className={css['list']} aria-label="Found">
              {(one: Found, index: number) => (
                <Autocomplete.Item
                  key={one.key}
                  value={one}
                  className={css['found']}
                  onClick={() => go(one)}
                >
                  <span className={css['group']}>
                    {one.group === found[index - 1]?.group ? '' : one.group}
                  </span>
                  <span className={css['label']} dir="auto">
                    {one.label}
                  </span>
                  <span className={css['detail']} dir="auto">
                    {one.detail}
                  </span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function useFound(text: string): readonly Found[] {
  const settled = useDeferredValue(text);
  const stores = useQuery(storesQuery);
  const runs = useQuery(latestRunsQuery({}, 50));
  const isLong = settled.length >= leastLetters;
  const people = useQuery({ ...foundMembersQuery(settled), enabled: isLong });
  const wanted = text.toLowerCase();
  const matches = (label: string) => label.toLowerCase().includes(wanted);
  const named = new Map((stores.data?.items ?? []).map(({ id, name }) => [id, name]));
  const latest = (runs.data?.items ?? []).filter(
    ({ id, storeName }) => text !== '' && (id.startsWith(text) || matches(storeName ?? '')),
  );
  return [
    ...screens
      .filter(({ label }) => matches(label))
      .map((one) => ({ ...one, key: one.to, group: 'Go to', detail: '' })),
    ...[...named]
      .filter(([, name]) => matches(name))
      .map(([id, name]) => ({
        key: id,
        group: 'Directory stores',
        label: name,
        detail: '',
        to: `/stores/${id}`,
      })),
    ...(isLong ? (people.data?.items ?? []) : []).map((member) => ({
      key: member.id,
      group: 'Members',
      label: memberName(member) || member.fields.email || member.id,
      detail: `${member.fields.email ?? ''} · ${member.storeName ?? 'by hand'}`,
      to: `/members/${member.id}`,
    })),
    ...latest.slice(0, shownRuns).map((run) => ({
      key: run.id,
      group: 'Runs',
      label: runTitle(run),
      detail: `${runStatusWords[run.status]} · ${run.id}`,
      to: `/runs/${run.id}`,
    })),
    ...(text.includes('@')
      ? [
          {
            key: 'why',
            group: 'Ask',
            label: `Why is ${text} here, or not?`,
            detail: 'asks every directory',
            to: '/why',
            hash: text,
          },
        ]
      : []),
  ];
}
