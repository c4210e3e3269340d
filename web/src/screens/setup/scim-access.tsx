import { CopyField } from '../../ui/copy-field.tsx';

/** Where a directory pushes to, and with what; the token is shown when it is new, and never again. */
export function ScimAccess({
  endpoint,
  token,
}: {
  readonly endpoint: string;
  readonly token: string | null;
}) {
  return (
    <>
      <CopyField label="Sync endpoint" value={endpoint} />
      {token !== null && (
        <>
          <CopyField label="SCIM token" value={token} />
          <p className="soft">
            The token is shown this once. Store it where you keep passwords, or paste it into the
            directory now.
          </p>
        </>
      )}
    </>
  );
}
