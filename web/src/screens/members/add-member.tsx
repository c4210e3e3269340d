import { Dialog } from '@base-ui/react/dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { addMember } from '../../api/queries/members.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';

const fields = [
  { name: 'email', label: 'E-mail address', type: 'email' },
  { name: 'firstName', label: 'First name', type: 'text' },
  { name: 'lastName', label: 'Last name', type: 'text' },
] as const;

/** Adds a person by hand, and goes to the new member. */
export function AddMember({ onClose }: { readonly onClose: () => void }) {
  const [person, setPerson] = useState({ email: '', firstName: '', lastName: '' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: () => addMember(person),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['members'] });
      await navigate({ to: '/members/$memberId', params: { memberId: id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">Add a member by hand</Dialog.Title>
          <form onSubmit={submit}>
            <div className="dialog-text">
              <p>A directory that has the same address takes the member over at its next sync.</p>
              {add.isError && <Failure error={add.error} />}
            </div>
            {fields.map(({ name, label, type }) => (
              <label key={name} className="label">
                {label}
                <input
                  className="input"
                  type={type}
                  required
                  maxLength={256}
                  autoComplete="off"
                  value={person[name]}
                  onChange={({ target }) => setPerson({ ...person, [name]: target.value })}
                />
              </label>
            ))}
            <div className="dialog-acts">
              <Dialog.Close render={<Button>Cancel</Button>} />
              <Button look="primary" type="submit" disabled={add.isPending}>
                Add member
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
