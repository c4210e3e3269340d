import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Person as PersonSeen } from '../../api/client.ts';
import { endSessions } from '../../api/queries/access.ts';
import { peopleQuery, sessionQuery, waysQuery } from '../../api/queries/session.ts';
import { Button } from '../../ui/button.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Empty, Failure, Loading } from '../../ui/notice.tsx';
import { Person } from '../../ui/person.tsx';
import { Time } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { n, plural } from '../../words.ts';
import css from './access.module.css';

/** The people who signed in as themselves, and their sessions. */
export function People() {
  const people = useQuery({ ...peopleQuery, staleTime: 0 });
  const [ending, setEnding] = useState<PersonSeen | null>(null);
  return (
    <section className="card" aria-labelledby="people">
      <div className="card-head wrap">
        <h2 id="people">People</h2>
        {people.isSuccess && <span className="soft">{n(people.data.length)}</span>}
      </div>
      {people.isPending && <Loading />}
      {people.isError && <Failure error={people.error} onRetry={() => void people.refetch()} />}
      {people.data?.length === 0 && <Nobody />}
      <ul className={css['rows']}>
        {people.data?.map((person) => (
          <Row key={person.id} person={person} onEnd={() => setEnding(person)} />
        ))}
      </ul>
      {ending !== null && <EndSessions person={ending} onClose={() => setEnding(null)} />}
    </section>
  );
}

function Nobody() {
  const ways = useQuery(waysQuery);
  return (
    <Empty>
      <p>Nobody has signed in as themselves.</p>
      {ways.data?.provider === null && (
        <p>
          The settings <code>OIDC_…</code> let people sign in with the provider of your company.
        </p>
      )}
    </Empty>
  );
}

interface RowProps {
  readonly person: PersonSeen;
  readonly onEnd: () => void;
}

function Row({ person: { id, name, address, role, signedInAt, sessions }, onEnd }: RowProps) {
  const shown = name ?? address ?? id;
  return (
    <li>
      <span className={css['name']}>
        <Person name={shown} email={name === null ? '' : (address ?? '')} />
      </span>
      <span className={css['facts']}>
        {role ?? 'no role now: no list lets them in'}
        <span className="sub">
          signed in <Time at={signedInAt} /> ·{' '}
          {sessions === 0 ? 'no open session' : plural(sessions, 'open session')}
        </span>
      </span>
      <Button small disabled={sessions === 0} onClick={onEnd}>
        End their sessions…<span className="sr"> {shown}</span>
      </Button>
    </li>
  );
}

interface EndProps {
  readonly person: PersonSeen;
  readonly onClose: () => void;
}

function EndSessions({ person: { id, name, address, role, sessions }, onClose }: EndProps) {
  const queries = useQueryClient();
  const session = useQuery(sessionQuery);
  const toast = useToast();
  const shown = name ?? address ?? id;
  const end = useMutation({
    mutationFn: () => endSessions(id),
    onSuccess: ({ ended }) => {
      toast(`${plural(ended, 'session')} of ${shown} ended`);
      onClose();
    },
    onSettled: () => queries.invalidateQueries(peopleQuery),
  });
  return (
    <FormDialog
      title={`End the sessions of ${shown}`}
      text={
        <>
          <p>
            {role === null
              ? 'No list of the settings lets them in again.'
              : 'They can sign in again while a list of the settings lets them in: OIDC_OWNERS, OIDC_ADMINS or OIDC_VIEWERS.'}
          </p>
          {session.data?.id === id && <p>It is you: your own session ends too.</p>}
        </>
      }
      action={`End ${plural(sessions, 'session')}`}
      danger
      busy={end.isPending}
      error={end.error}
      onSubmit={() => end.mutate()}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  );
}
