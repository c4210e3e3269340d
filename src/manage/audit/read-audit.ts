import { defined } from '../../core/defined.ts';
import type { AuditEntry } from '../../core/model/audit.ts';
import type { AuditFilter, AuditStore } from '../../ports/audit.ts';

const pageSize = 500;

/** All entries of the audit that match, newest first, read in pages. */
export async function* auditOf(
  audit: Pick<AuditStore, 'list'>,
  filter: Omit<AuditFilter, 'before' | 'limit'>,
): AsyncGenerator<AuditEntry> {
  for (let before: string | undefined; ; ) {
    const page = await audit.list(defined({ ...filter, limit: pageSize, before }));
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    before = last.id;
  }
}
