import { Dialog } from '@base-ui/react/dialog';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiProblem, type Session } from '../api/client.ts';
import { sessionQuery, staySignedIn, waysQuery } from '../api/queries/session.ts';
import { Button } from '../ui/button.tsx';
import { signInElsewhere } from './after-sign-in.ts';
import { hearTabs, tellTabs } from './tabs.ts';
import { TokenForm } from './token-form.tsx';

const warnMs = 2 * 60_000;
const tickMs = 5_000;

/** When a session ends unless its user does something; infinite for one that doesn't. */
const endOf = ({ expiresAt, idleExpiresAt }: Session): number =>
  Math.min(
    ...[expiresAt, idleExpiresAt].map((end) =>
      end === null ? Number.POSITIVE_INFINITY : Date.parse(end),
    ),
  );

/**
 * Watches over the session of a screen. It warns two minutes before the end. When the session is over it asks the same
 * person to sign in again, over the screen: what was typed stays, and nothing is sent again by itself.
 */
export function SessionGuard({ session }: { readonly session: Session }) {
  const queries = useQueryClient();
  const { error } = useQuery(sessionQuery);
  const [leftMs, setLeftMs] = useState(() => endOf(session) - Date.now());
  const [first] = useState(session.actor);
  const isOver = error instanceof ApiProblem && error.problem.status === 401;

  useEffect(() => {
    const look = () => {
      const left = endOf(session) - Date.now();
      // Asked again, the session may have a later end: another tab, or this one, was used meanwhile.
      if (left <= warnMs) void queries.invalidateQueries(sessionQuery);
      setLeftMs(left);
    };
    const timer = setInterval(look, tickMs);
    return () => clearInterval(timer);
  }, [session, queries]);

  useEffect(() => {
    // Another person signed in with this browser: they must not find this one's screen and draft.
    if (session.actor !== first) location.replace('/');
  }, [session.actor, first]);

  useEffect(() => {
    const ask = ({ persisted }: PageTransitionEvent) => {
      if (persisted) void queries.invalidateQueries(sessionQuery);
    };
    addEventListener('pageshow', ask);
    const deaf = hearTabs((news) => {
      if (news === 'signed-out') location.replace('/sign-in');
      else void queries.invalidateQueries(sessionQuery);
    });
    return () => {
      removeEventListener('pageshow', ask);
      deaf();
    };
  }, [queries]);

  if (isOver) return <SessionOver session={session} />;
  if (leftMs > warnMs) return null;
  const stay = async () => {
    const current = await staySignedIn();
    queries.setQueryData(sessionQuery.queryKey, current);
    setLeftMs(endOf(current) - Date.now());
  };
  return (
    <output className="notice">
      Your session ends in less than two minutes.{' '}
      <Button small onClick={() => void stay()}>
        Stay signed in
      </Button>
    </output>
  );
}

function SessionOver({ session }: { readonly session: Session }) {
  const queries = useQueryClient();
  const ways = useQuery(waysQuery);
  const provider = ways.data?.provider ?? null;
  const leave = () => {
    queries.clear();
    location.replace('/sign-in');
  };
  const goOn = (current: Session) => {
    queries.setQueryData(sessionQuery.queryKey, current);
    tellTabs('signed-in');
    if (current.actor === session.actor) void queries.invalidateQueries();
  };
  return (
    <Dialog.Root open>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">Your session is over</Dialog.Title>
          <div className="dialog-text">
            <p>
              Sign in again as {session.name}. What you have typed is still here; what was being
              sent was not carried out.
            </p>
          </div>
          {session.kind === 'user' && provider !== null ? (
            <Button look="primary" onClick={() => signInElsewhere(provider.startAt)}>
              Sign in with {provider.name} in a new tab
            </Button>
          ) : (
            <TokenForm onSignedIn={goOn} />
          )}
          <div className="dialog-acts">
            <Button onClick={leave}>Leave this page</Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
