import { spellingsOf } from '../../core/email.ts';
import type { AuditStore } from '../../ports/audit.ts';
import { auditOf } from './read-audit.ts';

const erased = 'emptied: it named a person who was erased';

/**
 * Empties the values in the audit that name an address, such as criteria of a store. The entries stay, with their
 * actors and the paths of what they changed. Reads the whole audit once.
 */
export async function eraseFromAudit(
  audit: Pick<AuditStore, 'list' | 'redact'>,
  email: string,
): Promise<void> {
  const names = namesAddress(email);
  const emptied = (text: string | null) => (text !== null && names(text) ? erased : text);
  for await (const { id, changes, error } of auditOf(audit, {})) {
    if (
      ![error, ...changes.flatMap(({ from, to }) => [from, to])].some((text) => names(text ?? ''))
    )
      continue;
    await audit.redact(id, {
      error: emptied(error),
      changes: changes.map(({ path, from, to }) => ({
        path,
        from: emptied(from),
        to: emptied(to),
      })),
    });
  }
}

/** Whether a text has the address, in any spelling, as a whole: `joann@acme.test` does not name `ann@acme.test`. */
function namesAddress(email: string): (text: string) => boolean {
  const spellings = spellingsOf(email).map((each) =>
    each.normalize('NFC').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
  );
  const whole = new RegExp(
    `(?<![\\p{L}\\p{N}._%+-])(?:${spellings.join('|')})(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    'iu',
  );
  return (text) => whole.test(text.normalize('NFC'));
}
