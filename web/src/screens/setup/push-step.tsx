import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { firstPushedQuery } from '../../api/queries/connect.ts';
import { ButtonLink } from '../../ui/button.tsx';
import css from './wizard.module.css';

/** What is done in JumpCloud so that it pushes. */
export function PushSteps() {
  return (
    <section className={`card ${css['help']}`} aria-labelledby="push-steps">
      <h2 id="push-steps">In the JumpCloud Admin Console</h2>
      <ol>
        <li>Under SSO Applications, click Add New Application and choose Custom Application.</li>
        <li>
          Select Export users to this app (Identity Management), and what else you want. Click Next,
          name the application and save it.
        </li>
        <li>Open Configure Application, and go to Identity Management.</li>
        <li>Paste the Sync endpoint into Base URL, and the SCIM token into Token Key.</li>
        <li>As Test User Email, give any address that no member has. Click Test Connection.</li>
        <li>
          Leave Enable management of User Groups and Group membership in this application selected.
          Click Activate.
        </li>
        <li>
          Under User Groups, select the groups whose users are to come. JumpCloud pushes the users
          of these groups alone. Click Save: they come at once.
        </li>
      </ol>
      <p>
        JumpCloud pushes only the attributes that the application lists. Add there what you map
        beyond names and addresses, such as location, employee ID or job title.
      </p>
    </section>
  );
}

/** Says live whether the directory has pushed somebody. */
export function FirstPush({ storeId }: { readonly storeId: string }) {
  const { data } = useQuery(firstPushedQuery(storeId));
  const isThere = (data?.items.length ?? 0) > 0;
  return (
    <div className={css['waiting']} aria-live="polite" data-done={isThere || undefined}>
      {isThere ? (
        <CircleCheck size={18} aria-hidden />
      ) : (
        <span className={css['pulse']} aria-hidden />
      )}
      {isThere ? 'The first people have come.' : 'Waiting for the first push…'}
      {isThere && (
        <ButtonLink small to="/members" search={{ store: storeId }}>
          See the members
        </ButtonLink>
      )}
    </div>
  );
}
