import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import type { Session } from '../api/client.ts';
import { signIn } from '../api/queries/session.ts';
import { Button } from '../ui/button.tsx';
import css from './token-form.module.css';

/** Asks for an access token. It is kept nowhere. */
export function TokenForm({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const id = useId();
  const [token, setToken] = useState('');
  const asking = useMutation({ mutationFn: signIn, onSuccess: onSignedIn });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (token.trim() !== '') asking.mutate(token);
  };
  return (
    <form className={css['form']} onSubmit={submit}>
      <label className="label">
        Access token
        <input
          className="input"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          value={token}
          aria-invalid={asking.isError}
          aria-describedby={asking.isError ? `${id}problem ${id}hint` : `${id}hint`}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      {asking.isError && (
        <p className="field-error" id={`${id}problem`} role="alert">
          {asking.error.message}
        </p>
      )}
      <p className="soft" id={`${id}hint`}>
        No token yet? An owner of Rollcall makes one with <code>rollcall token create</code>.
      </p>
      <Button type="submit" look="primary" disabled={asking.isPending}>
        Sign in
      </Button>
    </form>
  );
}
