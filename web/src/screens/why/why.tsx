import { Link, useLocation } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import type { StoreWhy, Why } from '../../api/client.ts';
import { explainByStore, type WhyLine } from '../../api/queries/members.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure } from '../../ui/notice.tsx';
import { memberName } from '../../words.ts';
import { Criteria } from './criteria.tsx';
import css from './why.module.css';

/** Why a person is a member, or is not, store by store. The address stands after `#`: no log sees it. */
export function WhyPage() {
  useTitle('Why');
  const { hash } = useLocation();
  const [typed, setTyped] = useState(hash);
  const [asked, setAsked] = useState({ email: hash.trim(), time: 0 });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked({ email: typed.trim(), time: Date.now() });
  };
  return (
    <div className="page">
      <div className="head">
        <h1>Why is a person a member, or not?</h1>
      </div>
      <form className={css['ask']} onSubmit={submit}>
        <label className={css['address']}>
          E-mail address
          <input
            className="input"
            type="email"
            required
            maxLength={320}
            autoComplete="off"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
        <Button look="primary" type="submit">
          Ask
        </Button>
      </form>
      {asked.email === '' ? (
        <Empty>
          <p>Give an address: each directory store is asked what it knows of the person.</p>
        </Empty>
      ) : (
        <Answer key={asked.time} email={asked.email} />
      )}
    </div>
  );
}

function Answer({ email }: { readonly email: string }) {
  const [lines, setLines] = useState<readonly WhyLine[]>([]);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const left = new AbortController();
    explainByStore(email, left.signal, (line) => setLines((old) => [...old, line])).catch(
      (reason: unknown) => {
        if (left.signal.aborted) return;
        setError(reason instanceof Error ? reason : new Error(String(reason)));
      },
    );
    return () => left.abort();
  }, [email]);
  if (error !== null) return <Failure error={error} />;
  const member = lines.find((line) => line.is === 'member');
  const stores = lines.find((line) => line.is === 'stores')?.stores ?? [];
  const isDone = lines.some(({ is }) => is === 'end');
  if (member !== undefined) return <MemberAnswer why={member.why} />;
  return (
    <section aria-label="Answers" aria-busy={!isDone} className={css['answers']}>
      {isDone && stores.length === 0 && (
        <Empty>
          <p>There is no directory store yet that could be asked.</p>
        </Empty>
      )}
      {stores.map(({ store, storeName }) => {
        const answer = lines.find((line) => line.is === 'store' && line.store === store);
        const hasFailed = lines.some((line) => line.is === 'failed' && line.store === store);
        return (
          <article key={store} className="card">
            <div className="card-head">
              <h2 dir="auto">{storeName}</h2>
            </div>
            <div className={css['text']} aria-live="polite">
              {answer?.is === 'store' && <StoreAnswer why={answer.why} />}
              {hasFailed && <p>This store could not be asked. The log of the API says why.</p>}
              {answer === undefined && !hasFailed && <p>Asking…</p>}
            </div>
          </article>
        );
      })}
    </section>
  );
}

function MemberAnswer({ why }: { readonly why: Why }) {
  const { member, status, reason, criteria, next, conflicts } = why;
  return (
    <section className="card" aria-label="Answer">
      <div className={css['text']}>
        <p>
          <strong dir="auto">{reason.message}</strong>
        </p>
        {status !== null && <p dir="auto">{status.reason.message}</p>}
        <Directory source={why.source} />
        <Criteria criteria={criteria} />
        <p>{next === null ? 'The next run changes nothing.' : `The next run: ${next.reason}.`}</p>
        {conflicts.map((conflict) => (
          <p key={`${conflict.run} ${conflict.externalId}`}>Conflict: {conflict.reason}</p>
        ))}
        {member !== null && (
          <Link to="/members/$memberId" params={{ memberId: member.id }} className="underlined">
            See <bdi>{memberName(member)}</bdi>
          </Link>
        )}
      </div>
    </section>
  );
}

function StoreAnswer({ why }: { readonly why: StoreWhy }) {
  const { reason, criteria, latest } = why;
  return (
    <>
      <p>
        <strong dir="auto">{reason.message}</strong>
      </p>
      <Directory source={why.source} />
      <Criteria criteria={criteria} />
      {latest !== null && (
        <p>
          Last change of this person: {latest.reason}.{' '}
          <Link to="/runs/$runId" params={{ runId: latest.run }} className="underlined">
            See the run
          </Link>
        </p>
      )}
    </>
  );
}

/** Whether the directory has the person now. */
function Directory({ source }: { readonly source: StoreWhy['source'] }) {
  if (source === null) return null;
  if (source.found === null) return <p>The directory gave no answer: {source.error}</p>;
  return <p>In the directory: {source.found ? `yes, as ${source.externalId}` : 'no'}.</p>;
}
