import { emptied, namesAddress } from '../../core/names-address.ts';
import type { AuditStore } from '../../ports/audit.ts';
import { auditOf } from './read-audit.ts';

/**
 * Empties the values in the audit that name an address, such as criteria of a store. The entries stay, with their
 * actors and the paths of what they changed. Reads the whole audit once.
 */
export async function eraseFromAudit(
  audit: Pick<AuditStore, 'list' | 'redact'>,
  email: string,
): Promise<void> {
  const names = namesAddress(email);
  const empty = (text: string | null) => (text !== null && names(text) ? emptied : text);
  for await (const { id, changes, error } of auditOf(audit, {})) {
    if (
      ![error, ...changes.flatMap(({ from, to }) => [from, to])].some((text) => names(text ?? ''))
    )
      continue;
    await audit.redact(id, {
      error: empty(error),
      changes: changes.map(({ path, from, to }) => ({
        path,
        from: empty(from),
        to: empty(to),
      })),
    });
  }
}
