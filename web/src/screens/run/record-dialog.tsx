import { Dialog } from '@base-ui/react/dialog';
import { Link } from '@tanstack/react-router';
import type { RunRecord } from '../../api/client.ts';
import { Actor } from '../../ui/actor.tsx';
import { RecordBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Changes } from '../../ui/changes.tsx';
import { actionWords } from '../../words.ts';

/** One record whole: what changes, why, and what became of it. */
export function RecordDialog({
  record,
  onClose,
}: {
  readonly record: RunRecord;
  readonly onClose: () => void;
}) {
  const { name, email, externalId, member, action, status, reason, error, changes } = record;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">
            <span dir="auto">{name ?? email ?? externalId ?? 'A person'}</span>
          </Dialog.Title>
          <div className="dialog-text">
            <p dir="auto">{email}</p>
            <p>
              <RecordBadge status={status} /> {actionWords[action]}: {reason}
            </p>
            {error !== null && <p>{error}</p>}
            {record.decidedBy !== null && (
              <p>
                Decided by <Actor actor={record.decidedBy} />
              </p>
            )}
            <Changes changes={changes} />
          </div>
          <div className="dialog-acts">
            {member !== null && action !== 'delete' && (
              <Link to="/members/$memberId" params={{ memberId: member }} className="more">
                Open the member
              </Link>
            )}
            <Dialog.Close render={<Button>Close</Button>} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
