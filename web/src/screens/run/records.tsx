import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import type { Run, RunRecord } from '../../api/client.ts';
import { recordsSource } from '../../api/queries/runs.ts';
import { useMay } from '../../shell/use-role.ts';
import { RecordBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, LongList } from '../../ui/long-list.tsx';
import { useTotal } from '../../ui/use-pages.ts';
import { actionWords, fieldName, n, reasonWords, recordStatusWords } from '../../words.ts';
import { type Asked, DecideDialog } from './decide-dialog.tsx';
import { RecordDialog } from './record-dialog.tsx';
import css from './run.module.css';
import { noneChosen, type Selection } from './selection.ts';
import { useRecordsFilter } from './use-records-filter.ts';

interface RecordsProps {
  readonly run: Run;
  readonly waits: boolean;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
}

const statuses: readonly RunRecord['status'][] = [
  'held',
  'applied',
  'reported',
  'failed',
  'rejected',
];

/** The records of a run, of any number. Held ones can be chosen: some, or all that match the filter. */
export function Records({ run, waits, selection, onSelect }: RecordsProps) {
  const search = useSearch({ from: '/runs/$runId' });
  const navigate = useNavigate({ from: '/runs/$runId' });
  const [text, setText] = useState('');
  const [opened, setOpened] = useState<RunRecord | null>(null);
  const filter = useRecordsFilter(waits, text);
  const mayDecide = useMay('admin') && waits && filter.status === 'held';
  const source = recordsSource(run.id, filter);
  const isFiltered =
    text !== '' ||
    Object.keys(search).some((key) => key !== 'status') ||
    search.status !== undefined;
  const choose = ({ externalId, member }: RunRecord) => {
    const id = externalId ?? member;
    if (!mayDecide || id === null || selection.is === 'all') return;
    const ids = new Set(selection.ids);
    if (!ids.delete(id)) ids.add(id);
    onSelect({ is: 'some', ids });
  };
  const isChosen = ({ externalId, member }: RunRecord): boolean =>
    selection.is === 'all' || selection.ids.has(externalId ?? member ?? '');
  const columns = columnsOf({
    choice: mayDecide ? { selection, isChosen, choose, onSelect } : null,
    onOpen: setOpened,
  });
  return (
    <section className="card" aria-labelledby="records" id="people">
      <div className="card-head wrap">
        <h2 id="records">People</h2>
        <fieldset className="chips">
          <legend className="sr">Show</legend>
          {statuses.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={filter.status === one}
              onClick={() => {
                onSelect(noneChosen);
                const { action: _action, status: _status, ...rest } = search;
                void navigate({
                  search: search.status === one ? rest : { ...rest, status: one },
                  replace: true,
                  resetScroll: false,
                });
              }}
            >
              {recordStatusWords[one]}
            </button>
          ))}
        </fieldset>
        <span className="grow" />
        <label className="field-find">
          <Search size={15} aria-hidden />
          <span className="sr">Find in this run</span>
          <input
            type="search"
            placeholder="Name or address"
            maxLength={256}
            value={text}
            onChange={(event) => {
              onSelect(noneChosen);
              setText(event.target.value);
            }}
          />
        </label>
      </div>
      <FilterLine
        run={run}
        waits={waits}
        selection={selection}
        text={text}
        onClear={
          isFiltered
            ? () => {
                setText('');
                onSelect(noneChosen);
                void navigate({ search: {}, replace: true, resetScroll: false });
              }
            : null
        }
        onSelect={onSelect}
      />
      <LongList
        label="Records"
        source={source}
        columns={columns}
        empty={<p>Nobody. Members that did not change have no record.</p>}
        isChosen={isChosen}
        onChoose={choose}
        onOpen={setOpened}
      />
      {opened !== null && <RecordDialog record={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}

/** How many match, what is chosen, and the decision on these alone. */
function FilterLine({
  run,
  waits,
  selection,
  text,
  onClear,
  onSelect,
}: {
  readonly run: Run;
  readonly waits: boolean;
  readonly selection: Selection;
  readonly text: string;
  readonly onClear: (() => void) | null;
  readonly onSelect: (selection: Selection) => void;
}) {
  const filter = useRecordsFilter(waits, text);
  const total = useTotal(recordsSource(run.id, filter));
  const mayDecide = useMay('admin') && waits && filter.status === 'held';
  const [asked, setAsked] = useState<Asked | null>(null);
  const chosen = selection.is === 'all' ? total : selection.ids.size;
  const { status: _status, action: _action, ...choice } = filter;
  if (onClear === null && !(mayDecide && chosen !== undefined && chosen > 0)) return null;
  const decide = (verdict: Asked['verdict']) => {
    if (selection.is === 'some' && selection.ids.size > 0) {
      setAsked({ verdict, expected: selection.ids.size, records: [...selection.ids] });
    } else if (total !== undefined) setAsked({ verdict, expected: total, filter: choice });
  };
  const isSome = selection.is === 'some' && selection.ids.size > 0;
  const many = isSome ? selection.ids.size : (total ?? 0);
  return (
    <div className={css['filter']}>
      <output>
        {isSome
          ? `${n(many)} selected`
          : total === undefined
            ? ''
            : `${selection.is === 'all' ? 'All ' : ''}${n(total)} match${onClear === null ? '' : ' this filter'}`}
      </output>
      {mayDecide && many > 0 && (
        <>
          <Button small onClick={() => decide('reject')}>
            Reject these {n(many)}…
          </Button>
          <Button small onClick={() => decide('approve')}>
            Approve these {n(many)}…
          </Button>
        </>
      )}
      {(isSome || selection.is === 'all') && (
        <Button small look="quiet" onClick={() => onSelect(noneChosen)}>
          Select none
        </Button>
      )}
      {onClear !== null && (
        <Button small look="quiet" onClick={onClear}>
          Show all
        </Button>
      )}
      {asked !== null && (
        <DecideDialog
          run={run}
          asked={asked}
          onDecided={() => {
            setAsked(null);
            onSelect(noneChosen);
          }}
          onChanged={(expected) => setAsked({ ...asked, expected, isChanged: true })}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

interface Choice {
  readonly selection: Selection;
  readonly isChosen: (record: RunRecord) => boolean;
  readonly choose: (record: RunRecord) => void;
  readonly onSelect: (selection: Selection) => void;
}

const nameOf = ({ name, email, externalId }: RunRecord): string =>
  name ?? email ?? externalId ?? 'a person';

function columnsOf({
  choice,
  onOpen,
}: {
  readonly choice: Choice | null;
  readonly onOpen: (record: RunRecord) => void;
}): readonly Column<RunRecord>[] {
  const check: Column<RunRecord>[] =
    choice === null
      ? []
      : [
          {
            key: 'choose',
            width: '50px',
            label: (
              <label className={css['pick']}>
                <span className="sr">Select all that match</span>
                <input
                  type="checkbox"
                  className={css['check']}
                  checked={choice.selection.is === 'all'}
                  onChange={({ target }) =>
                    choice.onSelect(target.checked ? { is: 'all' } : noneChosen)
                  }
                />
              </label>
            ),
            cell: (record) => (
              <label className={css['pick']}>
                <span className="sr">Select {nameOf(record)}</span>
                <input
                  type="checkbox"
                  className={css['check']}
                  checked={choice.isChosen(record)}
                  disabled={choice.selection.is === 'all'}
                  onChange={() => choice.choose(record)}
                />
              </label>
            ),
          },
        ];
  return [
    ...check,
    {
      key: 'person',
      label: 'Person',
      cell: (record) => (
        <>
          <span className={css['name']} dir="auto">
            {nameOf(record)}
          </span>
          <span className={css['mail']} dir="auto">
            {record.name === null ? record.externalId : (record.email ?? record.externalId)}
          </span>
        </>
      ),
    },
    { key: 'change', label: 'Change', width: '34%', wideOnly: true, cell: changeOf },
    {
      key: 'department',
      label: 'Department',
      width: '16%',
      wideOnly: true,
      cell: ({ department }) => <span dir="auto">{department ?? '–'}</span>,
    },
    {
      key: 'status',
      label: 'Status',
      width: '128px',
      wideOnly: true,
      cell: ({ status }) => <RecordBadge status={status} />,
    },
    {
      key: 'details',
      label: <span className="sr">Details</span>,
      width: '104px',
      cell: (record) => (
        <Button
          small
          look="quiet"
          aria-label={`Details of ${nameOf(record)}`}
          onClick={() => onOpen(record)}
        >
          Details
        </Button>
      ),
    },
  ];
}

const told = ['status', 'statusBy', 'inactiveCause', 'emailKey'];

function changeOf({ action, changes, reasonCode, status, reason }: RunRecord) {
  const fields = changes.map(({ field }) => field).filter((field) => !told.includes(field));
  const what =
    action === 'update' && fields.length > 0
      ? fields.map(fieldName).join(', ')
      : actionWords[action];
  const why = status === 'reported' || status === 'failed' ? reason : reasonWords[reasonCode];
  return (
    <>
      <span className={css['name']}>{what}</span>
      <span className={css['mail']}>{why}</span>
    </>
  );
}
