import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { addPushedStore, type Region } from '../../api/queries/connect.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Failure } from '../../ui/notice.tsx';
import { regions } from './connect-by-api.tsx';
import { ScimAccess } from './scim-access.tsx';
import css from './wizard.module.css';
import { Wizard } from './wizard.tsx';

/** Makes a store that is pushed into, and shows its endpoint and token once. */
export function ConnectOverScim({ isJumpCloud }: { readonly isJumpCloud: boolean }) {
  const [name, setName] = useState('');
  const [region, setRegion] = useState<Region>('us');
  const [isStored, setStored] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: () => addPushedStore(name.trim(), region),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['stores'] }),
  });
  const made = add.data;
  const title = isJumpCloud ? 'Add JumpCloud over SCIM' : 'Add a SCIM client';
  return (
    <Wizard
      title={made?.name === undefined ? title : `Set up ${made.name}`}
      step="connect"
      via="scim"
      storeId={null}
      foot={
        <>
          {made === undefined && <ButtonLink to="/stores/new">Back</ButtonLink>}
          <span className="grow" />
          {made === undefined ? (
            <Button
              look="primary"
              type="submit"
              form="connect"
              disabled={name.trim() === '' || add.isPending}
            >
              Make endpoint and token
            </Button>
          ) : (
            <Button
              look="primary"
              disabled={!isStored}
              onClick={() =>
                void navigate({
                  to: '/stores/$storeId/setup/$step',
                  params: { storeId: made.id, step: 'mapping' },
                })
              }
            >
              Next: Map fields
              <ArrowRight size={16} aria-hidden />
            </Button>
          )}
        </>
      }
    >
      <section className="card" aria-labelledby="connection">
        <div className="card-head">
          <h2 id="connection">API integration</h2>
        </div>
        {made === undefined ? (
          <form
            id="connect"
            className={css['form']}
            onSubmit={(event) => {
              event.preventDefault();
              add.mutate();
            }}
          >
            <TextField
              label="Name of the store"
              help="As you call this directory, such as the name of the company."
              maxLength={256}
              value={name}
              onChange={setName}
            />
            {isJumpCloud && (
              <SelectField
                label="Region of JumpCloud"
                value={region}
                options={regions}
                onChange={setRegion}
              />
            )}
            {add.error !== null && <Failure error={add.error} />}
          </form>
        ) : (
          <div className={css['form']}>
            <ScimAccess endpoint={made.syncEndpoint ?? ''} token={made.scimToken ?? null} />
            <label className="choose">
              <input
                type="checkbox"
                checked={isStored}
                onChange={({ target }) => setStored(target.checked)}
              />
              I have stored it
            </label>
          </div>
        )}
      </section>
    </Wizard>
  );
}
