import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import type { AuditEntry } from '../../api/client.ts';
import type { AuditAsked } from '../../api/queries/audit.ts';
import { peopleQuery } from '../../api/queries/session.ts';
import { ownersQuery } from '../../api/queries/stores.ts';
import { Button } from '../../ui/button.tsx';
import { DayFilter } from '../../ui/day-filter.tsx';
import { StoreFilter } from '../../ui/store-filter.tsx';
import { actorName, n } from '../../words.ts';
import css from './audit.module.css';
import { actionGroups, didWords } from './audit-words.ts';
import { actorId } from './entry.tsx';

type Action = AuditEntry['action'];

interface FiltersProps {
  readonly asked: AuditAsked & { readonly action: readonly Action[] };
  /** What is shown: an actor who is in no list is named by it. */
  readonly entries: readonly AuditEntry[];
}

/** By action, actor, store and day; all stand in the address. */
export function Filters({ asked, entries }: FiltersProps) {
  const navigate = useNavigate({ from: '/audit' });
  /** Replaces one part of the filter; an empty one is left out. */
  const set = (key: keyof AuditAsked, value: string | readonly string[] = '') => {
    const { [key]: _before, ...others } = asked;
    void navigate({ search: value.length === 0 ? others : { ...others, [key]: value } });
  };
  return (
    <>
      <div className={`card-head wrap ${css['filters']}`}>
        <ByFilter chosen={asked.by} entries={entries} onChange={(id) => set('by', id)} />
        <StoreFilter chosen={asked.store} onChange={(id) => set('store', id)} />
        <span className="grow" />
        <DayFilter from={asked.from} to={asked.to} onChange={set} />
      </div>
      <Actions chosen={asked.action} onChange={(chosen) => set('action', chosen)} />
    </>
  );
}

interface ActionsProps {
  readonly chosen: readonly Action[];
  readonly onChange: (chosen: readonly Action[]) => void;
}

function Actions({ chosen, onChange }: ActionsProps) {
  const toggle = (action: Action) =>
    onChange(
      chosen.includes(action) ? chosen.filter((one) => one !== action) : [...chosen, action],
    );
  return (
    <details className={css['actions']}>
      <summary>
        <ChevronDown size={16} aria-hidden />
        {summaryOf(chosen)}
      </summary>
      <div className={css['groups']}>
        {actionGroups.map(([label, actions]) => (
          <fieldset key={label} className={css['group']}>
            <legend>{label}</legend>
            {actions.map((action) => (
              <label key={action} className="choose">
                <input
                  type="checkbox"
                  checked={chosen.includes(action)}
                  onChange={() => toggle(action)}
                />
                <span className={css['did']}>{didWords[action]}</span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      {chosen.length > 0 && (
        <Button small onClick={() => onChange([])}>
          Show all actions
        </Button>
      )}
    </details>
  );
}

function summaryOf(chosen: readonly Action[]): string {
  const [only] = chosen;
  if (only === undefined) return 'All actions';
  return chosen.length === 1 ? `Only: ${didWords[only]}` : `${n(chosen.length)} kinds of action`;
}

interface ByFilterProps {
  readonly chosen: string | undefined;
  readonly entries: readonly AuditEntry[];
  readonly onChange: (id: string) => void;
}

/** People, and tokens that can change something; another token is chosen by its name in an entry. */
function ByFilter({ chosen, entries, onChange }: ByFilterProps) {
  const people = useQuery(peopleQuery);
  const owners = useQuery(ownersQuery);
  const tokens = owners.data?.items ?? [];
  const known: readonly (readonly [id: string, name: string])[] = [
    ...(people.data ?? []).map(({ id, name, address }) => [id, name ?? address ?? id] as const),
    ...tokens.map(({ id, name }) => [id, `${name} (token)`] as const),
  ];
  const isKnown = chosen === undefined || known.some(([id]) => id === chosen);
  const seen = entries.find((entry) => actorId(entry) === chosen);
  return (
    <label className="pick">
      <span className="sr">By</span>
      <select
        className="input"
        value={chosen ?? ''}
        onChange={({ target: { value } }) => onChange(value)}
      >
        <option value="">By anyone</option>
        {!isKnown && <option value={chosen}>{seen ? actorName(seen.by) : 'One actor'}</option>}
        {known.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
