import { emailKeyOf } from '../email.ts';
import type { EmailOf, PushedUsers, SourceUser } from '../model/source-user.ts';
import { applyPatch } from './apply-patch.ts';
import type { ScimUser } from './model.ts';
import { readPatch } from './read-patch.ts';

/** A change that a pull shows and that was never pushed. */
export interface LostPush {
  /** The attributes that changed. */
  readonly attributes: readonly string[];
  /** The pushed user with these changes. */
  readonly resource: ScimUser['resource'];
}

/**
 * Compares a pushed user with the same user as a pull shows it; null when no push was lost. An attribute that the
 * directory never pushes is no loss. Neither is a user that is inactive here and active there: a user that leaves all
 * pushed groups is pushed as inactive.
 */
export function lostPushOf(
  { resource }: ScimUser,
  pulled: SourceUser,
  directory: { readonly pushedUsers: PushedUsers; readonly emailOf: EmailOf },
): LostPush | null {
  const { read, paths } = directory.pushedUsers;
  const pushed = read(pulled.externalId, resource);
  const differing = Object.keys(paths).filter((name) => {
    const here = pushed.record[name];
    const there = pulled.record[name];
    return here !== undefined && isText(there) && there !== here;
  });
  const operations: object[] = differing.map((name) => ({
    op: 'replace',
    path: paths[name],
    value: pulled.record[name],
  }));
  const here = directory.emailOf(pushed.record);
  const there = directory.emailOf(pulled.record);
  if (isText(here) && isText(there) && emailKeyOf(here) !== emailKeyOf(there)) {
    differing.push('email');
    operations.push(
      { op: 'remove', path: 'emails', value: [{ value: here }] },
      { op: 'add', path: 'emails', value: [{ value: there, type: 'work', primary: true }] },
    );
  }
  if (pulled.state === 'SUSPENDED' && pushed.state === 'ACTIVATED') {
    differing.push('active');
    operations.push({ op: 'replace', path: 'active', value: false });
  }
  if (operations.length === 0) return null;
  const steps = readPatch('User', { Operations: operations });
  return { attributes: differing, resource: applyPatch('User', resource, steps) };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
