import type { SourceUser } from '../../src/core/model/source-user.ts';

/** A user as JumpCloud answers it, with the fields that a test changes. */
export function aSourceUser(
  record: SourceUser['record'] = {},
  custom: SourceUser['custom'] = {},
): SourceUser {
  return { externalId: 'u1', state: 'ACTIVATED', orgId: null, record, custom };
}
