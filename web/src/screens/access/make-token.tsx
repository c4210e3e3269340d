import { Dialog } from '@base-ui/react/dialog';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../api/client.ts';
import { makeToken, type NewToken, revokeToken, tokensQuery } from '../../api/queries/access.ts';
import { isAway } from '../../api/retries.ts';
import { Button } from '../../ui/button.tsx';
import { CopyField } from '../../ui/copy-field.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Choices, FormDialog } from '../../ui/form-dialog.tsx';
import css from './access.module.css';

const dayMs = 24 * 3_600_000;

const lives = [
  [String(30 * dayMs), '30 days'],
  [String(90 * dayMs), '90 days'],
  [String(365 * dayMs), 'A year'],
  ['', 'Until it is revoked'],
] as const;

const roles = [
  { value: 'viewer', label: 'Viewer', hint: 'Sees stores, members and runs, and changes nothing.' },
  {
    value: 'admin',
    label: 'Admin',
    hint: 'Also changes stores and members, decides on held changes, and sees the audit.',
  },
  {
    value: 'owner',
    label: 'Owner',
    hint: 'Also removes stores, erases people, and manages access.',
  },
] as const;

interface Asked extends NewToken {
  /** The id of a token that is revoked first: its secret is lost. */
  readonly replaces?: string;
}

/** A token that was made; the secret is null when the answer with it was lost. */
interface Made {
  readonly token: Token;
  readonly secret: string | null;
}

/** Asks for name, role and life of a token, then shows its secret this once. */
export function MakeToken({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Token['role']>('viewer');
  const [life, setLife] = useState<string>(String(90 * dayMs));
  const make = useMutation({
    mutationFn: (asked: Asked) => makeOrFind(queries, asked),
    // A secret stays no longer than its dialog.
    gcTime: 0,
    onSettled: () =>
      Promise.all(
        [['tokens'], ['owners']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
  const asked: NewToken = {
    name: name.trim(),
    role,
    ...(life !== '' && { expiresInMs: Number(life) }),
  };
  const made = make.data;
  if (made !== undefined && made.secret !== null) {
    return <Secret name={made.token.name} secret={made.secret} onClose={onClose} />;
  }
  if (make.variables !== undefined && made !== undefined) {
    return (
      <FormDialog
        title={`${made.token.name} was made, its secret is lost`}
        text="The answer with the secret did not arrive, and it can’t be had again. Replace the token: this one is revoked, and another with the same name, role and life is made."
        action="Replace it"
        busy={make.isPending}
        error={make.error}
        onSubmit={() => make.mutate({ ...asked, replaces: made.token.id })}
        onClose={onClose}
      >
        {null}
      </FormDialog>
    );
  }
  return (
    <FormDialog
      title="Make an access token"
      text="For a script, or a person who signs in with it. Its secret is shown once."
      action="Make the token"
      disabled={asked.name === ''}
      busy={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate(asked)}
      onClose={onClose}
    >
      <TextField
        label="Name"
        help="Runs and the audit name the token by it, such as ada or nightly-export."
        maxLength={64}
        value={name}
        onChange={setName}
      />
      <Choices legend="Role" options={roles} value={role} onChange={setRole} />
      <SelectField label="It works for" value={life} options={lives} onChange={setLife} />
      {make.error !== null && isAway(make.error) && (
        <p>
          Whether the token was made is not known. If it stands in the list, revoke it: its secret
          is lost.
        </p>
      )}
    </FormDialog>
  );
}

/** Makes a token. When the answer is lost, the list says whether it was made: nothing is sent again unasked. */
async function makeOrFind(queries: QueryClient, { replaces, ...asked }: Asked): Promise<Made> {
  if (replaces !== undefined) await revokeToken(replaces);
  const before = queries.getQueryData(tokensQuery.queryKey)?.items ?? [];
  try {
    const { token: secret, ...token } = await makeToken(asked);
    return { token, secret };
  } catch (error) {
    if (!isAway(error)) throw error;
    const { items } = await queries.fetchQuery({ ...tokensQuery, staleTime: 0 });
    const found = items.find(
      ({ id, name }) => name === asked.name && !before.some((one) => one.id === id),
    );
    if (found === undefined) throw error;
    return { token: found, secret: null };
  }
}

interface SecretProps {
  readonly name: string;
  readonly secret: string;
  readonly onClose: () => void;
}

/** Closed by its button alone: a click beside it would lose the secret. */
function Secret({ name, secret, onClose }: SecretProps) {
  return (
    <Dialog.Root open disablePointerDismissal onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">
            <bdi>{name}</bdi> is made
          </Dialog.Title>
          <p className="dialog-text">
            The secret is shown this once. Store it where you keep passwords: Rollcall keeps only
            what recognizes it.
          </p>
          <div className={css['secret']}>
            <CopyField label="Secret" value={secret} />
          </div>
          <div className="dialog-acts">
            <Dialog.Close render={<Button look="primary">I have stored it</Button>} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
