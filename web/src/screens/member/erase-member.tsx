import { Dialog } from '@base-ui/react/dialog';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { erase, erasureQuery } from '../../api/queries/members.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { useToast } from '../../ui/toast.tsx';
import { plural } from '../../words.ts';

/** Says in numbers what would be erased; the address is typed before it is done. */
export function EraseMember({
  email,
  onClose,
}: {
  readonly email: string;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const found = useQuery(erasureQuery(email));
  const doIt = useMutation({
    mutationFn: () => erase(email, true),
    onSuccess: async ({ members, records }) => {
      toast(`Erased: ${plural(members, 'member')}, ${plural(records, 'record')}`);
      await navigate({ to: '/members' });
      queries.removeQueries({ queryKey: ['members'] });
    },
  });
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">Erase this person for good?</Dialog.Title>
          <div className="dialog-text">
            {found.isPending && <p aria-live="polite">Looking for what is stored…</p>}
            {found.isError && <Failure error={found.error} />}
            {found.data && (
              <p>
                {plural(found.data.members, 'member')} and {plural(found.data.records, 'record')}{' '}
                are erased. The address is emptied in {plural(found.data.copies, 'other member')}{' '}
                and {plural(found.data.mentions, 'record')} about others.
              </p>
            )}
            <p>
              This reaches neither the directory, backups, exported files nor logs of other systems.
              A directory that still has the person creates the member again.
            </p>
            {doIt.isError && <Failure error={doIt.error} />}
          </div>
          <label className="label">
            To go on, type the address {email}
            <input
              className="input"
              autoComplete="off"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          </label>
          <div className="dialog-acts">
            <Dialog.Close render={<Button>Cancel</Button>} />
            <Button
              look="danger"
              disabled={typed.trim() !== email || found.data === undefined || doIt.isPending}
              onClick={() => doIt.mutate()}
            >
              Erase {plural(found.data?.members ?? 1, 'member')}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
