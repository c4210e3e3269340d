import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Session } from '../api/client.ts';
import { sessionQuery, waysQuery } from '../api/queries/session.ts';
import { rememberTarget, takeTarget } from './after-sign-in.ts';
import { forgetKept } from './reload.ts';
import css from './sign-in.module.css';
import { tellTabs } from './tabs.ts';
import { TokenForm } from './token-form.tsx';

const problems: Readonly<Record<string, string>> = {
  away: 'The provider can’t be reached now. Try again, or sign in with an access token.',
  failed: 'The sign-in could not be completed. Try again.',
  'groups-left-out':
    'The provider left your groups out, because there are too many. Its administrator can have it send only the groups of this application.',
  unverified: 'The provider has not verified your address, so it gives you no role here.',
  'not-allowed': 'You may not use this Rollcall yet. An owner can add you.',
};

/** Reads what stands after # once, and forgets it: where to go, and why the provider did not sign in. */
function readAddress(): string | null {
  const told = new URLSearchParams(location.hash.slice(1));
  const next = told.get('next');
  if (next !== null) rememberTarget(next);
  else rememberTarget(location.pathname + location.search + location.hash);
  const isTold = next !== null || told.has('problem');
  if (isTold) history.replaceState(null, '', location.pathname + location.search);
  return problems[told.get('problem') ?? ''] ?? null;
}

/** Asks to sign in, as oneself or with an access token; the page that was asked for follows. */
export function SignIn() {
  const queries = useQueryClient();
  const ways = useQuery(waysQuery);
  const [problem] = useState(readAddress);
  useEffect(() => {
    document.title = 'Sign in · Rollcall';
    forgetKept();
  }, []);
  const enter = (session: Session) => {
    // What another person had read is not shown to this one.
    const [key] = sessionQuery.queryKey;
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key });
    tellTabs('signed-in');
    const target = takeTarget();
    if (target === location.pathname + location.search + location.hash) {
      queries.setQueryData(sessionQuery.queryKey, session);
    } else location.replace(target);
  };
  const provider = ways.data?.provider ?? null;
  return (
    <main className="sign-in">
      <div className={css['card']}>
        <p className="brand">
          <img src="/mark.svg" alt="" width="26" height="26" />
          Rollcall
        </p>
        <h1>Sign in</h1>
        <p className="lead">See what a sync did and why, and decide what it held.</p>
        {problem !== null && (
          <p className="field-error" role="alert">
            {problem}
          </p>
        )}
        {provider !== null && (
          <div className={css['provider']}>
            <a className={css['link']} href={provider.startAt}>
              Sign in with {provider.name}
            </a>
            <p className={css['or']}>or with an access token</p>
          </div>
        )}
        <TokenForm onSignedIn={enter} />
      </div>
    </main>
  );
}
