import { Navigate, useParams } from '@tanstack/react-router';
import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { Empty } from '../../ui/notice.tsx';
import { ConnectByApi } from './connect-by-api.tsx';
import { ConnectOverScim } from './connect-over-scim.tsx';

/** The first step of a set-up, before there is a store. */
export function Connect() {
  const { way } = useParams({ from: '/stores/new/$way' });
  const mayAdd = useMay('admin');
  useTitle('Add a directory');
  if (!mayAdd) {
    return (
      <div className="page">
        <h1>Add a directory</h1>
        <Empty>To add a directory takes the role admin.</Empty>
      </div>
    );
  }
  if (way === 'jumpcloud') return <ConnectByApi />;
  if (way === 'jumpcloud-scim') return <ConnectOverScim isJumpCloud />;
  if (way === 'scim') return <ConnectOverScim isJumpCloud={false} />;
  return <Navigate to="/stores/new" replace />;
}
