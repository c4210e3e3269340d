import { useMutation, useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { renewScimToken } from '../../api/queries/connect.ts';
import { storeQuery } from '../../api/queries/stores.ts';
import { lineName } from '../../draft/line-words.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Empty, Failure, Loading } from '../../ui/notice.tsx';
import { plural } from '../../words.ts';
import { Clashes } from '../configuration/clashes.tsx';
import { CriteriaEditor, MappingEditor } from '../configuration/load-later.tsx';
import { SafeguardsEditor } from '../configuration/safeguards-editor.tsx';
import { useSave } from '../configuration/save-bar.tsx';
import { ScheduleEditor } from '../configuration/schedule-editor.tsx';
import { StatusEditor } from '../configuration/status-editor.tsx';
import { type Editing, useEditing } from '../configuration/use-editing.ts';
import { PreviewStep, SyncNow, useStoredPreview } from './preview-step.tsx';
import { FirstPush, PushSteps } from './push-step.tsx';
import { ScimAccess } from './scim-access.tsx';
import css from './wizard.module.css';
import { type Step, stepNames, steps, Wizard } from './wizard.tsx';

/** A step of the set-up of a store that was added: each can be left and come back to. */
export function Setup() {
  const { storeId, step: asked } = useParams({ from: '/stores/$storeId/setup/$step' });
  const store = useQuery(storeQuery(storeId));
  const { editing, error, retry } = useEditing(storeId);
  useTitle(`Set up ${store.data?.name ?? 'a store'}`);
  const step = steps.find((one) => one === asked);
  if (step === undefined) {
    return (
      <Navigate to="/stores/$storeId/setup/$step" params={{ storeId, step: 'mapping' }} replace />
    );
  }
  const failure = store.error ?? error;
  if (failure !== null) return <Failure error={failure} onRetry={retry} />;
  if (store.data === undefined || editing === null) return <Loading />;
  if (!editing.mayEdit) {
    return (
      <div className="page">
        <h1 dir="auto">Set up {store.data.name}</h1>
        <Empty>To set up a store takes the role admin.</Empty>
      </div>
    );
  }
  return <SetupStep step={step} store={store.data} editing={editing} />;
}

type ReachableStore = NonNullable<
  Awaited<ReturnType<NonNullable<ReturnType<typeof storeQuery>['queryFn']>>>
>;

interface SetupStepProps {
  readonly step: Step;
  readonly store: ReachableStore;
  readonly editing: Editing;
}

function SetupStep({ step, store, editing }: SetupStepProps) {
  const { via } = store;
  const run = useStoredPreview(store);
  const hasMembers = store.members.active + store.members.inactive > 0;
  // Members are changed by what is saved now: the tabs of the store show whom.
  if (hasMembers && (step === 'mapping' || step === 'settings')) {
    return (
      <Navigate
        to="/stores/$storeId/$section"
        params={{ storeId: store.id, section: step }}
        replace
      />
    );
  }
  return (
    <Wizard
      title={`Set up ${store.name}`}
      step={step}
      via={via}
      storeId={store.id}
      foot={<Foot step={step} store={store} editing={editing} run={run} />}
    >
      {step === 'connect' && <ConnectStep store={store} />}
      {step === 'mapping' && <MappingEditor editing={editing} />}
      {step === 'settings' && (
        <>
          <StatusEditor editing={editing} />
          <CriteriaEditor editing={editing} />
          <ScheduleEditor editing={editing} />
          <SafeguardsEditor editing={editing} />
        </>
      )}
      {step === 'preview' && via === 'api' && <PreviewStep store={store} run={run} />}
      {step === 'preview' && via === 'scim' && (
        <>
          <FirstPush storeId={store.id} />
          <PushSteps />
        </>
      )}
    </Wizard>
  );
}

function Foot({
  step,
  store,
  editing,
  run,
}: SetupStepProps & { readonly run: ReturnType<typeof useStoredPreview> }) {
  const navigate = useNavigate();
  const save = useSave(store.id, editing.draft);
  const { draft, complaints } = editing;
  const changed = [...draft.edits.keys()];
  const isReady = complaints.size === 0 && draft.clashes.length === 0 && !save.isPending;
  const goTo = (to: Step) =>
    navigate({ to: '/stores/$storeId/setup/$step', params: { storeId: store.id, step: to } });
  const close = () => navigate({ to: '/stores/$storeId', params: { storeId: store.id } });
  const next = steps[steps.indexOf(step) + 1];
  const before = steps[steps.indexOf(step) - 1];
  const names = stepNames(store.via);
  return (
    <>
      <Clashes storeId={store.id} draft={draft} />
      {save.error !== null && draft.theirs.length === 0 && <Failure error={save.error} />}
      {complaints.size > 0 && (
        <p role="alert" className={css['wrong']}>
          {[...complaints].map(([path, message]) => `${lineName(path)}: ${message}`).join(' ')}
        </p>
      )}
      {before !== undefined && <Button onClick={() => void goTo(before)}>Back</Button>}
      <span className="grow" />
      <span className={css['changed']}>
        {changed.length === 0
          ? ''
          : `${plural(changed.length, 'change')}: ${changed.map(lineName).join(', ')}`}
      </span>
      {step === 'settings' && (
        <Button
          disabled={!isReady}
          onClick={() => save.mutate(undefined, { onSuccess: () => void close() })}
        >
          Save and close
        </Button>
      )}
      {next !== undefined && (
        <Button
          look="primary"
          disabled={!isReady}
          onClick={() => save.mutate(undefined, { onSuccess: () => void goTo(next) })}
        >
          Next: {names[next]}
          <ArrowRight size={16} aria-hidden />
        </Button>
      )}
      {step === 'preview' && store.via === 'api' && <SyncNow store={store} run={run} />}
      {step === 'preview' && store.via === 'scim' && (
        <ButtonLink look="primary" to="/stores/$storeId" params={{ storeId: store.id }}>
          Done
        </ButtonLink>
      )}
    </>
  );
}

/** How the store is connected; a token that was lost is replaced. */
function ConnectStep({ store }: { readonly store: ReachableStore }) {
  const renew = useMutation({ mutationFn: () => renewScimToken(store.id) });
  if (store.via === 'api') {
    return (
      <section className="card" aria-label="Connection">
        <p className="empty">
          {store.name} is connected with the organization <code>{store.orgId}</code>.
        </p>
      </section>
    );
  }
  return (
    <>
      <section className="card" aria-label="Connection">
        <div className={css['form']}>
          <ScimAccess endpoint={store.syncEndpoint ?? ''} token={renew.data?.scimToken ?? null} />
          {renew.data === undefined && (
            <div>
              <Button disabled={renew.isPending} onClick={() => renew.mutate()}>
                Make a new token
              </Button>
              <p className="soft">The one of before stops working at once.</p>
            </div>
          )}
          {renew.error !== null && <Failure error={renew.error} />}
        </div>
      </section>
      <PushSteps />
    </>
  );
}
