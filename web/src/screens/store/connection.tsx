import { useNavigate, useRouterState } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Store } from '../../api/client.ts';
import type { StoreDetail } from '../../api/queries/stores.ts';
import { useMay } from '../../shell/use-role.ts';
import { Actor } from '../../ui/actor.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Copy } from '../../ui/copy.tsx';
import { Time } from '../../ui/time.tsx';
import { roleWords } from '../../words.ts';
import { ChangeOwner, Remove, Rename } from './manage.tsx';
import { Reauthorize } from './reauthorize.tsx';
import css from './store.module.css';

/** The part of an address that opens the dialog of a new key: alerts lead there. */
const reauthorizeHash = 'reauthorize';

/** Where a store's members come from, with what, and who looks after it. */
export function Connection({ store }: { readonly store: StoreDetail }) {
  const { region, via, orgId, orgName, owner, nextRunAt, createdAt, status } = store;
  const [open, setOpen] = useState<'rename' | 'owner' | 'remove' | null>(null);
  const mayChange = useMay('admin');
  const mayRemove = useMay('owner');
  const isLeaving = store.removal !== null;
  const navigate = useNavigate();
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const openReauthorize = (isOpen: boolean) =>
    void navigate({
      to: '/stores/$storeId',
      params: { storeId: store.id },
      hash: isOpen ? reauthorizeHash : '',
      replace: true,
      resetScroll: false,
    });
  const close = () => setOpen(null);
  return (
    <section className="card" aria-labelledby="connection">
      <div className="card-head">
        <h2 id="connection">Connection</h2>
        <ButtonLink to="/members" search={{ store: store.id }} small>
          Members
        </ButtonLink>
      </div>
      {status === 'needs-reauthorization' && (
        <div className={css['refused']}>
          <KeyRound size={18} aria-hidden />
          <p>
            The directory refuses the key. Members stay as they are, and nothing is synced until
            there is one that works.
          </p>
        </div>
      )}
      <dl className="facts">
        <dt>Directory</dt>
        <dd>
          JumpCloud {region?.toUpperCase()},{' '}
          {via === 'scim' ? 'pushes over SCIM' : 'asked over its API'}
        </dd>
        <dt>Organization</dt>
        <dd>
          {orgName !== null && <span dir="auto">{orgName} </span>}
          {orgId === '' ? (
            <span className="soft">not known</span>
          ) : (
            <span className="mono">{orgId}</span>
          )}
        </dd>
        <Credential store={store} />
        <dt>Owner</dt>
        <dd>
          <Actor actor={owner} />
        </dd>
        <dt>Next run</dt>
        <dd>{nextRunAt === null ? 'not scheduled' : <Time at={nextRunAt} />}</dd>
        <dt>Added</dt>
        <dd>
          <Time at={createdAt} />
        </dd>
      </dl>
      <div className={css['acts']}>
        <Button
          look={status === 'needs-reauthorization' ? 'primary' : 'plain'}
          disabled={!mayChange || isLeaving}
          onClick={() => openReauthorize(true)}
        >
          {via === 'scim' ? 'New SCIM token' : 'Reauthorize'}
        </Button>
        <Button disabled={!mayChange || isLeaving} onClick={() => setOpen('rename')}>
          Rename
        </Button>
        <Button disabled={!mayChange || isLeaving} onClick={() => setOpen('owner')}>
          Change owner
        </Button>
        <Button disabled={!mayRemove || isLeaving} onClick={() => setOpen('remove')}>
          Remove
        </Button>
        {!mayRemove && (
          <p className="soft">
            {!mayChange && `To change a store takes ${roleWords.admin}. `}To remove one takes{' '}
            {roleWords.owner}.
          </p>
        )}
      </div>
      {mayChange && hash === reauthorizeHash && (
        <Reauthorize store={store} onClose={() => openReauthorize(false)} />
      )}
      {open === 'rename' && <Rename store={store} onClose={close} />}
      {open === 'owner' && <ChangeOwner store={store} onClose={close} />}
      {open === 'remove' && <Remove store={store} onClose={close} />}
    </section>
  );
}

const credentialWords: Readonly<Record<string, string>> = {
  'api-key': 'API key',
  'client-credentials': 'Service account',
};

function Credential({ store }: { readonly store: StoreDetail }) {
  if (store.via === 'scim') return <Pushes store={store} />;
  return (
    <>
      <dt>Key</dt>
      <dd>
        <CredentialText credential={store.credential} />
      </dd>
    </>
  );
}

function CredentialText({ credential }: Pick<Store, 'credential'>) {
  if (credential === null) return <span className="soft">kept before its age was noted</span>;
  const { type, hint, addedAt, addedBy } = credential;
  return (
    <>
      {credentialWords[type] ?? type}
      {hint !== null && (
        <>
          {' '}
          ending in <span className="mono">{hint}</span>
        </>
      )}
      , given by <Actor actor={addedBy} /> <Time at={addedAt} />
    </>
  );
}

function Pushes({
  store: { syncEndpoint, scimTokens = [], lastPushAt },
}: {
  readonly store: StoreDetail;
}) {
  return (
    <>
      {syncEndpoint !== undefined && (
        <>
          <dt>Endpoint</dt>
          <dd>
            <Copy label="Endpoint" text={syncEndpoint} />
          </dd>
        </>
      )}
      <dt>Tokens</dt>
      <dd>
        {scimTokens.map(({ id, createdAt, expiresAt, endsAt }) => (
          <div key={id} className={css['token']}>
            made <Time at={createdAt} />
            {endsAt !== null && (
              <>
                , replaced, ends <Time at={endsAt} />
              </>
            )}
            {endsAt === null && expiresAt !== null && (
              <>
                , expires <Time at={expiresAt} />
              </>
            )}
          </div>
        ))}
      </dd>
      <dt>Last push</dt>
      <dd>
        {lastPushAt == null ? (
          <span className="soft">none yet: waiting for the first one</span>
        ) : (
          <Time at={lastPushAt} />
        )}
      </dd>
    </>
  );
}
