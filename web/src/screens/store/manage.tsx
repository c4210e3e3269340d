import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Store } from '../../api/client.ts';
import { changeStore, ownersQuery, removeStore } from '../../api/queries/stores.ts';
import { Actor } from '../../ui/actor.tsx';
import { Choices, FormDialog } from '../../ui/form-dialog.tsx';
import { Failure } from '../../ui/notice.tsx';
import { n, plural, roleWords } from '../../words.ts';

interface Props {
  readonly store: Store;
  readonly onClose: () => void;
}

/** Sends a change of a store, and closes when it is done. */
function useChange({ store, onClose }: Props) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: { name?: string; owner?: string }) => changeStore(store.id, change),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['stores'] });
      onClose();
    },
  });
}

const longestName = 256;

export function Rename(props: Props) {
  const { store, onClose } = props;
  const [name, setName] = useState(store.name);
  const change = useChange(props);
  return (
    <FormDialog
      title="Rename the store"
      text="Runs, members and the audit go on under the new name."
      action="Rename"
      disabled={name.trim() === '' || name === store.name}
      busy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ name })}
      onClose={onClose}
    >
      <label className="label">
        Name
        <input
          className="input"
          autoComplete="off"
          maxLength={longestName}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
    </FormDialog>
  );
}

export function ChangeOwner(props: Props) {
  const { store, onClose } = props;
  const owners = useQuery(ownersQuery);
  const [owner, setOwner] = useState('');
  const change = useChange(props);
  return (
    <FormDialog
      title="Change the owner"
      text={
        <>
          <Actor actor={store.owner} /> owns {store.name} now. An owner is named to those who look
          after a store, and may do no more for it.
        </>
      }
      action="Change the owner"
      disabled={owner === ''}
      busy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ owner })}
      onClose={onClose}
    >
      {owners.isError && <Failure error={owners.error} onRetry={() => void owners.refetch()} />}
      <label className="label">
        New owner
        <select className="input" value={owner} onChange={(event) => setOwner(event.target.value)}>
          <option value="">{owners.isPending ? 'Loading…' : 'Choose one'}</option>
          {owners.data?.items.map(({ id, name, role }) => (
            <option key={id} value={id}>
              {name}, {role}
            </option>
          ))}
        </select>
      </label>
    </FormDialog>
  );
}

const kept = [
  {
    value: 'keep',
    label: 'Keep its members',
    hint: 'They stay as they are, without a store. A store of the same organization takes them over.',
  },
  {
    value: 'delete',
    label: 'Delete its members',
    hint: 'They are gone, and with them their history.',
  },
] as const;

export function Remove({ store, onClose }: Props) {
  const [members, setMembers] = useState<'keep' | 'delete'>('keep');
  const [typed, setTyped] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const all = store.members.active + store.members.inactive;
  const remove = useMutation({
    mutationFn: () => removeStore(store.id, members),
    onSuccess: async ({ removed }) => {
      await navigate({ to: '/stores' });
      if (removed) queries.removeQueries({ queryKey: ['stores', store.id] });
      await queries.invalidateQueries();
    },
  });
  const verb = members === 'delete' ? `Remove, delete ${n(all)}` : `Remove, keep ${n(all)}`;
  return (
    <FormDialog
      title={`Remove ${store.name}`}
      text={`Its configuration, runs and records are removed and can’t be had back. It has ${plural(all, 'member')}. This takes ${roleWords.owner}.`}
      action={verb}
      danger
      disabled={typed !== store.name}
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <Choices legend="Its members" options={kept} value={members} onChange={setMembers} />
      <label className="label">
        To go on, type the name of the store
        <input
          className="input"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
    </FormDialog>
  );
}
