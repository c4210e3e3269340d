import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api, body } from '../api/client.ts';
import { sessionQuery } from '../api/queries/session.ts';
import { Button } from '../ui/button.tsx';

/** Asks for an access token; the page that was asked for follows. */
export function SignIn() {
  const [token, setToken] = useState('');
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: () => body(api.POST('/api/v1/session', { body: { token } })),
    onSuccess: (signedIn) => {
      // What another person had read is not shown to this one.
      const [session] = sessionQuery.queryKey;
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session });
      queries.setQueryData(sessionQuery.queryKey, signedIn);
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (token.trim() !== '') signIn.mutate();
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <p className="brand">
          <img src="/mark.svg" alt="" width="26" height="26" />
          Rollcall
        </p>
        <h1>Sign in</h1>
        <p className="lead">See what a sync did and why, and decide what it held.</p>
        <label className="label">
          Access token
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            required
            value={token}
            aria-invalid={signIn.isError}
            aria-describedby={signIn.isError ? 'sign-in-problem sign-in-hint' : 'sign-in-hint'}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        {signIn.isError && (
          <p className="field-error" id="sign-in-problem" role="alert">
            {signIn.error.message}
          </p>
        )}
        <p className="soft" id="sign-in-hint">
          No token yet? An owner of Rollcall makes one with <code>rollcall token create</code>.
        </p>
        <Button type="submit" look="primary" disabled={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
