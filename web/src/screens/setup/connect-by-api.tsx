import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowRight, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { directoriesQuery } from '../../api/queries/configuration.ts';
import {
  addAskedStore,
  type CredentialInput,
  type Region,
  testConnection,
} from '../../api/queries/connect.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import css from './wizard.module.css';
import { Wizard } from './wizard.tsx';

export const regions: readonly (readonly [Region, string])[] = [
  ['us', 'United States, console.jumpcloud.com'],
  ['eu', 'European Union, console.eu.jumpcloud.com'],
  ['in', 'India, console.in.jumpcloud.com'],
];

/** Name, region and credential of a JumpCloud that is asked over its API. */
export function ConnectByApi() {
  const [name, setName] = useState('');
  const [region, setRegion] = useState<Region>('us');
  const [kind, setKind] = useState<CredentialInput['type']>('api-key');
  const [apiKey, setApiKey] = useState('');
  const [clientId, setClientId] = useState('');
  const [clientSecret, setClientSecret] = useState('');
  const [orgId, setOrgId] = useState('');
  const [isShared, setShared] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const credential: CredentialInput =
    kind === 'api-key'
      ? { type: kind, apiKey: apiKey.trim() }
      : { type: kind, clientId: clientId.trim(), clientSecret: clientSecret.trim() };
  const directories = useQuery(directoriesQuery);
  const refusal = directories.data?.items
    .find((one) => one.kind === 'jumpcloud')
    ?.signIns.find((one) => one.type === kind)
    ?.refused.find((one) => one.field === 'region' && one.value === region);
  const isGiven = refusal === undefined && Object.values(credential).every((part) => part !== '');
  const connection = { region, credential, ...(orgId !== '' && { orgId }) };
  const check = useMutation({ mutationFn: () => testConnection(connection) });
  const add = useMutation({
    mutationFn: () =>
      addAskedStore({ name: name.trim(), ...connection, sameOrganization: isShared }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['stores'] });
      await navigate({
        to: '/stores/$storeId/setup/$step',
        params: { storeId: id, step: 'mapping' },
      });
    },
  });
  /** What was found with another credential is no longer true. */
  const forget = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      check.reset();
      add.reset();
      setOrgId('');
      set(value);
    };
  };
  const organizations = check.data?.organizations ?? [];
  return (
    <Wizard
      title="Add JumpCloud"
      step="connect"
      via="api"
      storeId={null}
      foot={
        <>
          <ButtonLink to="/stores/new">Back</ButtonLink>
          <span className="grow" />
          <Button
            look="primary"
            type="submit"
            form="connect"
            disabled={name.trim() === '' || !isGiven || add.isPending}
          >
            Next: Map fields
            <ArrowRight size={16} aria-hidden />
          </Button>
        </>
      }
    >
      <div className={css['pair']}>
        <section className="card" aria-labelledby="connection">
          <div className="card-head">
            <h2 id="connection">API integration</h2>
          </div>
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
            <SelectField
              label="Region of JumpCloud"
              value={region}
              options={regions}
              onChange={forget(setRegion)}
            />
            <Segments
              label="Sign in with"
              value={kind}
              options={[
                ['api-key', 'API key'],
                ['client-credentials', 'Service account'],
              ]}
              onChange={forget(setKind)}
            />
            {refusal !== undefined && (
              <p className={css['wrong']} role="alert">
                {refusal.reason} {refusal.hint}
              </p>
            )}
            {kind === 'api-key' ? (
              <TextField
                label="API key"
                type="password"
                help="Kept encrypted, and never shown again."
                maxLength={1024}
                value={apiKey}
                onChange={forget(setApiKey)}
              />
            ) : (
              <>
                <TextField
                  label="Client ID"
                  maxLength={1024}
                  value={clientId}
                  onChange={forget(setClientId)}
                />
                <TextField
                  label="Client secret"
                  type="password"
                  help="Kept encrypted, and never shown again."
                  maxLength={1024}
                  value={clientSecret}
                  onChange={forget(setClientSecret)}
                />
              </>
            )}
            {(organizations.length > 1 || orgId !== '') && (
              <SelectField
                label="Organization"
                value={orgId}
                options={[
                  ['', 'Choose one'],
                  ...organizations.map((one) => [one.id, one.name] as const),
                ]}
                onChange={setOrgId}
              />
            )}
            <div>
              <Button disabled={!isGiven || check.isPending} onClick={() => check.mutate()}>
                {check.isPending ? 'Checking…' : 'Check'}
              </Button>
            </div>
            <div aria-live="polite">
              {check.data?.ok === true && (
                <p className={css['found']}>
                  <CircleCheck size={18} aria-hidden />
                  Found {organizations.map((one) => one.name).join(', ')}
                </p>
              )}
              {check.data?.ok === false && (
                <div className={css['wrong']}>
                  <p>
                    <strong>{check.data.problem}</strong>
                  </p>
                  <p>{check.data.hint}</p>
                </div>
              )}
              {check.error !== null && <Failure error={check.error} />}
            </div>
            <label className="choose">
              <input
                type="checkbox"
                checked={isShared}
                onChange={({ target }) => setShared(target.checked)}
              />
              Another store may read the same organization
            </label>
            {add.error !== null && <Failure error={add.error} />}
          </form>
        </section>
        <KeyHelp />
      </div>
    </Wizard>
  );
}

function KeyHelp() {
  return (
    <section className={`card ${css['help']}`} aria-labelledby="key-help">
      <h2 id="key-help">Where the key is</h2>
      <ol>
        <li>Sign in to the JumpCloud Admin Console.</li>
        <li>
          Under Settings, Administrators, open the administrator whose key it will be, and select
          Enable API access. Save.
        </li>
        <li>As that administrator, click your profile icon at the top right, then My API Key.</li>
        <li>Click Generate New API Key, and copy it: JumpCloud shows it this once.</li>
      </ol>
      <p>
        If JumpCloud shows an error instead, load the page again and repeat. A new key ends the one
        of before.
      </p>
    </section>
  );
}
