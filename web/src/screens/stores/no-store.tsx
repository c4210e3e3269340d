import { ButtonLink } from '../../ui/button.tsx';
import { Empty } from '../../ui/notice.tsx';

export function NoStore() {
  return (
    <Empty>
      <p>A directory store connects a directory with this organization.</p>
      <ButtonLink to="/stores/new">Add directory</ButtonLink>
    </Empty>
  );
}
