import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type Lines, mappingPrefix } from '../../draft/lines.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { fieldName } from '../../words.ts';
import css from './person-card.module.css';
import type { People } from './use-people.ts';

interface PersonCardProps {
  readonly people: People;
  readonly at: number;
  readonly changed: Lines;
  readonly onMove: (by: 1 | -1) => void;
}

/** One person of the directory as a member, whole. */
export function PersonCard({ people, at, changed, onMove }: PersonCardProps) {
  const { users, busy, isSlow, error } = people;
  const user = users[at];
  const fieldOf = (field: string) => user?.fields.find((one) => one.field === field)?.value ?? null;
  return (
    <aside className={`card ${css['card']}`} aria-labelledby="person">
      <div className="card-head">
        <h2 id="person">As a member</h2>
        <span className="soft">{busy ? 'asking JumpCloud…' : ''}</span>
      </div>
      {isSlow && (
        <p className="foot-note">
          An expression takes longer than a page may wait. Rollcall computes these values itself.
        </p>
      )}
      {error !== null && <Failure error={error} />}
      {user === undefined && !busy && error === null && (
        <p className="empty">The people of the directory appear here once there are some.</p>
      )}
      {user !== undefined && (
        <>
          <div className={css['pick']}>
            <Button small icon look="quiet" aria-label="Previous person" onClick={() => onMove(-1)}>
              <ChevronLeft size={16} aria-hidden />
            </Button>
            <div>
              <strong dir="auto">{fieldOf('displayName') ?? fieldOf('email')}</strong>
              <span className="soft">
                {at + 1} of the first {users.length}
              </span>
            </div>
            <Button small icon look="quiet" aria-label="Next person" onClick={() => onMove(1)}>
              <ChevronRight size={16} aria-hidden />
            </Button>
          </div>
          <dl className={css['fields']}>
            {user.fields.map(({ field, value, problem }) => (
              <div key={field} data-changed={changed.has(mappingPrefix + field) || undefined}>
                <dt dir="auto">{fieldName(field)}</dt>
                <dd dir="auto">{problem ?? value ?? <span className="soft">blank</span>}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </aside>
  );
}
