import { Dialog } from '@base-ui/react/dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Store } from '../../api/client.ts';
import { type Reauthorization, reauthorizeStore, startRun } from '../../api/queries/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Copy } from '../../ui/copy.tsx';
import { Choices, FormDialog } from '../../ui/form-dialog.tsx';
import { Failure } from '../../ui/notice.tsx';
import css from './store.module.css';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Props {
  readonly store: Store;
  readonly onClose: () => void;
}

/** Gives a store a working credential, and starts no run: it ends with the offer of a preview. */
export function Reauthorize({ store, onClose }: Props) {
  const queries = useQueryClient();
  const reauthorize = useMutation({
    mutationFn: (by: Reauthorization) => reauthorizeStore(store.id, by),
    // A secret stays no longer than its dialog.
    gcTime: 0,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['stores'] }),
        queries.invalidateQueries({ queryKey: ['attention'] }),
      ]),
  });
  if (reauthorize.isSuccess) {
    return <Done store={reauthorize.data} onClose={onClose} />;
  }
  const asked = {
    store,
    onClose,
    busy: reauthorize.isPending,
    error: reauthorize.error,
    send: (by: Reauthorization) => reauthorize.mutate(by),
  };
  return store.via === 'scim' ? <NewToken {...asked} /> : <NewCredential {...asked} />;
}

interface FormProps extends Props {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly send: (by: Reauthorization) => void;
}

const ways = [
  { value: 'api-key', label: 'A new API key' },
  { value: 'client-credentials', label: 'A service account', hint: 'In the region US alone.' },
  {
    value: 'same',
    label: 'The key that it has',
    hint: 'For one that was refused by mistake, or works again.',
  },
] as const;

function NewCredential({ store, onClose, busy, error, send }: FormProps) {
  const [way, setWay] = useState<(typeof ways)[number]['value']>('api-key');
  const [id, setId] = useState('');
  const [secret, setSecret] = useState('');
  const isComplete =
    way === 'same' || (secret.trim() !== '' && (way === 'api-key' || id.trim() !== ''));
  const submit = () => {
    if (way === 'same') send({ sameKey: true });
    else if (way === 'api-key') send({ credential: { type: way, apiKey: secret.trim() } });
    else send({ credential: { type: way, clientId: id.trim(), clientSecret: secret.trim() } });
  };
  return (
    <FormDialog
      title={`Reauthorize ${store.name}`}
      text="The directory is asked first: a key that it refuses, or of another organization, is not kept. You become the owner. No run is started."
      action="Check and use"
      disabled={!isComplete}
      busy={busy}
      error={error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Choices legend="With what" options={ways} value={way} onChange={setWay} />
      {way === 'client-credentials' && (
        <label className="label">
          Client ID
          <input
            className="input"
            autoComplete="off"
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
        </label>
      )}
      {way !== 'same' && (
        <label className="label">
          {way === 'api-key' ? 'API key' : 'Client secret'}
          <input
            className="input"
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        </label>
      )}
    </FormDialog>
  );
}

const overlaps = [
  { value: '0', label: 'Ends at once', hint: 'For a token that is in wrong hands.' },
  { value: String(hourMs), label: 'Works for another hour' },
  { value: String(dayMs), label: 'Works for another day' },
] as const;
const lives = [
  ['', 'Until the next one is made'],
  [String(30 * dayMs), '30 days'],
  [String(90 * dayMs), '90 days'],
  [String(365 * dayMs), 'A year'],
] as const;

function NewToken({ store, onClose, busy, error, send }: FormProps) {
  const [overlap, setOverlap] = useState<string>(String(dayMs));
  const [life, setLife] = useState('');
  const submit = () =>
    send({
      overlapMs: Number(overlap),
      ...(life !== '' && { expiresInMs: Number(life) }),
    });
  return (
    <FormDialog
      title={`A new SCIM token for ${store.name}`}
      text="The directory pushes with the new token once you have put it there. You become the owner."
      action="Make a token"
      busy={busy}
      error={error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>The token of before:</p>
      <Choices
        legend="The token of before"
        options={overlaps}
        value={overlap}
        onChange={setOverlap}
      />
      <label className="label">
        The new one works
        <select className="input" value={life} onChange={(event) => setLife(event.target.value)}>
          {lives.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </FormDialog>
  );
}

/** What was found, and the next step: a preview, after which one syncs. */
function Done({
  store,
  onClose,
}: {
  readonly store: Awaited<ReturnType<typeof reauthorizeStore>>;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const preview = useMutation({
    mutationFn: () => startRun(store.id, 'plan'),
    onSuccess: ({ id }) => navigate({ to: '/runs/$runId', params: { runId: id } }),
  });
  const isPushed = store.scimToken !== undefined;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">
            {isPushed ? 'The token is made' : 'The key works'}
          </Dialog.Title>
          <div className={`dialog-text ${css['done']}`}>
            {store.scimToken !== undefined && store.syncEndpoint !== undefined ? (
              <>
                <p>It is shown this once. Put both into the directory, then close this.</p>
                <Copy label="Endpoint" text={store.syncEndpoint} />
                <Copy label="Token" text={store.scimToken} />
              </>
            ) : (
              <>
                <p>
                  It reads {store.orgName ?? 'the organization'} ({store.orgId}). Nothing was synced
                  yet.
                </p>
                {store.status === 'paused' && (
                  <p>The store is paused, as before: resume it to have it synced on schedule.</p>
                )}
              </>
            )}
            {preview.error !== null && <Failure error={preview.error} />}
          </div>
          <div className="dialog-acts">
            <Dialog.Close render={<Button>{isPushed ? 'I have stored it' : 'Not now'}</Button>} />
            {!isPushed && (
              <Button look="primary" disabled={preview.isPending} onClick={() => preview.mutate()}>
                Preview, then sync
              </Button>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
