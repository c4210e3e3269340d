import { Empty } from '../../ui/notice.tsx';

export function NoStore() {
  return (
    <Empty>
      <p>A directory store connects a directory with this organization.</p>
      <p>
        Add one with <code>rollcall store add NAME --directory jumpcloud --api-key-stdin</code>
      </p>
    </Empty>
  );
}
