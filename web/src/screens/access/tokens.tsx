import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleX, Clock, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { hasExpired, needsReplacing } from '../../../../src/core/token-expiry.ts';
import type { Token } from '../../api/client.ts';
import { revokeToken, tokensQuery } from '../../api/queries/access.ts';
import { sessionQuery } from '../../api/queries/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Failure, Loading } from '../../ui/notice.tsx';
import { Time, useNow } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { n } from '../../words.ts';
import css from './access.module.css';
import { MakeToken } from './make-token.tsx';

/** The access tokens: make one, and end one. */
export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const items = tokens.data?.items;
  return (
    <section className="card" aria-labelledby="tokens">
      <div className="card-head wrap">
        <h2 id="tokens">Access tokens</h2>
        {items !== undefined && <span className="soft">{n(items.length)}</span>}
        <span className={css['grow']} />
        <Button disabled={items === undefined} onClick={() => setMaking(true)}>
          <KeyRound size={15} aria-hidden />
          Make a token…
        </Button>
      </div>
      {tokens.isPending && <Loading />}
      {tokens.isError && <Failure error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {items !== undefined && <List tokens={items} onRevoke={setRevoking} />}
      {isMaking && <MakeToken onClose={() => setMaking(false)} />}
      {revoking !== null && <Revoke token={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

interface ListProps {
  readonly tokens: readonly Token[];
  readonly onRevoke: (token: Token) => void;
}

function List({ tokens, onRevoke }: ListProps) {
  const session = useQuery(sessionQuery);
  const now = new Date(useNow());
  const owners = tokens.filter((token) => token.role === 'owner' && !isOver(token, now));
  return (
    <ul className={css['rows']}>
      {tokens.map((token) => {
        const { id, name, role, createdAt, lastUsedAt, expiresAt } = token;
        const isLast = owners.length === 1 && owners[0]?.id === id;
        return (
          <li key={id}>
            <span className={css['name']}>
              <strong>
                <bdi>{name}</bdi>
              </strong>{' '}
              <span className="soft">
                {role}
                {session.data?.id === id && ', you are signed in with it'}
              </span>
              <span className="sub">
                made <Time at={createdAt} /> ·{' '}
                {lastUsedAt === null ? (
                  'never used'
                ) : (
                  <>
                    last used <Time at={lastUsedAt} />
                  </>
                )}{' '}
                ·{' '}
                {expiresAt === null ? (
                  'works until it is revoked'
                ) : (
                  <End at={expiresAt} now={now} />
                )}
              </span>
              {isLast && (
                <span className="sub">
                  It is the last token of the role owner, so it can’t be revoked: make another
                  first.
                </span>
              )}
            </span>
            <Warning token={token} now={now} />
            <Button small disabled={isLast} onClick={() => onRevoke(token)}>
              Revoke…<span className="sr"> {name}</span>
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

function End({ at, now }: { readonly at: string; readonly now: Date }) {
  return (
    <>
      {new Date(at) <= now ? 'expired' : 'expires'} <Time at={at} />
    </>
  );
}

/** The times of a token as the core reads them. */
const timesOf = ({ createdAt, expiresAt }: Token) => ({
  createdAt: new Date(createdAt),
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
});

const isOver = (token: Token, now: Date): boolean => hasExpired(timesOf(token), now);

function Warning({ token, now }: { readonly token: Token; readonly now: Date }) {
  if (isOver(token, now)) {
    return (
      <Badge icon={CircleX} tone="bad">
        Expired
      </Badge>
    );
  }
  if (!needsReplacing(timesOf(token), now)) return null;
  return (
    <Badge icon={Clock} tone="neutral">
      Ends soon: replace it
    </Badge>
  );
}

function Revoke({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const session = useQuery(sessionQuery);
  const toast = useToast();
  const { id, name, lastUsedAt } = token;
  const revoke = useMutation({
    mutationFn: () => revokeToken(id),
    onSuccess: () => {
      toast(`${name} is revoked`);
      onClose();
    },
    onSettled: () =>
      Promise.all(
        [['tokens'], ['owners'], ['attention']].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
  return (
    <FormDialog
      title={`Revoke ${name}`}
      text={
        <>
          <p>
            What uses it is refused at once, and sessions that were begun with it end. It can’t be
            had back.
          </p>
          <p>
            {lastUsedAt === null ? (
              'It was never used.'
            ) : (
              <>
                It was last used <Time at={lastUsedAt} />.
              </>
            )}
            {session.data?.id === id && ' You are signed in with it: your own session ends too.'}
          </p>
        </>
      }
      action="Revoke 1 token"
      danger
      busy={revoke.isPending}
      error={revoke.error}
      onSubmit={() => revoke.mutate()}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  );
}
