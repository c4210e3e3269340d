import type { Store } from '../../api/client.ts';
import { useMay } from '../../shell/use-role.ts';
import { ButtonLink } from '../../ui/button.tsx';
import css from './wizard.module.css';

/** Leads back to a set-up that was left before the first member came. */
export function SetupNote({ store }: { readonly store: Store }) {
  const mayGoOn = useMay('admin');
  const { members, id } = store;
  if (!mayGoOn || members.active + members.inactive > 0) return null;
  return (
    <div className={css['waiting']}>
      <span>This store has no members yet.</span>
      <ButtonLink small to="/stores/$storeId/setup/$step" params={{ storeId: id, step: 'mapping' }}>
        Go on with the set-up
      </ButtonLink>
    </div>
  );
}
