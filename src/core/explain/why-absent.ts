import type { CriteriaExplanation } from '../criteria/explain.ts';
import type { Member } from '../model/member.ts';
import { isUnreadable, type SourceState } from '../model/source-user.ts';
import type { DirectoryStore } from '../model/store.ts';
import type { StatusSync } from '../model/store-config.ts';
import { decide } from '../plan/decision-table.ts';
import type { Reading } from '../plan/read-user.ts';
import { reasonFor } from '../plan/reasons.ts';
import { type Reason, type SourceNow, sentence } from './source-now.ts';

/** What is known of a person who is no member of a store. */
export interface AbsentFacts {
  readonly store: Pick<DirectoryStore, 'id' | 'name'>;
  readonly statusSync: StatusSync;
  readonly source: SourceNow;
  readonly criteria: CriteriaExplanation | null;
  /** Why the store's runs fail before they decide on any user; null when they don't. */
  readonly runsFail: string | null;
  /** The member of this store with the same source id, which has another address. */
  readonly sameId: Member | null;
  /** The member that was kept from a removed store and has the same source id. */
  readonly kept: Member | null;
  /** The member that has the address. */
  readonly owner: Member | null;
  /** Source ids of others in scope who have the same address at the source; all higher than this one's. */
  readonly rivals: readonly string[];
}

/** Why a person is no member of a store: the first obstacle, in the order in which a run meets them. */
export function whyAbsent(facts: AbsentFacts): Reason {
  const { code, message } = obstacle(facts);
  return { code, message: sentence(message) };
}

function obstacle(facts: AbsentFacts): Reason {
  const { store, source, runsFail, statusSync } = facts;
  if (source.is === 'unreachable') {
    return { code: 'source-unread', message: `the directory can’t be asked: ${source.reason}` };
  }
  if (source.is !== 'found') {
    const message = `no user in the directory of ${store.name} has this address`;
    return { code: 'not-in-directory', message };
  }
  if (runsFail !== null) return { code: 'runs-fail', message: `every run fails: ${runsFail}` };
  if (facts.sameId !== null) return otherAddress(facts.sameId);
  const { reading, user } = source;
  if (reading.kind === 'out-of-scope') {
    const state = isUnreadable(user) ? null : skippedBy(user.state, statusSync);
    const message = outOfScope(facts.criteria);
    return {
      code: 'out-of-scope',
      message: state === null ? message : `${message}; besides, ${state.message}`,
    };
  }
  const skipped = reading.state === null ? null : skippedBy(reading.state, statusSync);
  if (skipped !== null) return skipped;
  if (reading.kind === 'in-scope') return obstacleInScope(facts, reading);
  const scopeUnknown = typeof facts.criteria?.verdict === 'object';
  const code = isUnreadable(user) ? 'unreadable' : scopeUnknown ? 'criteria-unknown' : 'email';
  return { code, message: `their record can’t be used: ${reading.message}` };
}

function outOfScope(criteria: CriteriaExplanation | null): string {
  const first = criteria?.firstFailing ?? null;
  const words = 'they don’t match the sync criteria';
  return first === null ? words : `${words}: condition ${first} is the first that fails`;
}

/** The state at the source for which the settings create no member; null when there is none. */
function skippedBy(state: SourceState, statusSync: StatusSync): Reason | null {
  if (decide(state, 'none', statusSync) !== 'skip') return null;
  return state === 'STAGED'
    ? {
        code: 'staged',
        message: 'they are staged in the directory, and status sync has staged: skip',
      }
    : {
        code: 'suspended',
        message: 'they are suspended in the directory, and status sync has deactivated: delete',
      };
}

function otherAddress(member: Member): Reason {
  const { email = 'no address' } = member.fields;
  return {
    code: 'other-address',
    message: `they are a member, as ${email}: the source has another address since`,
  };
}

function obstacleInScope(
  { store, owner, kept, rivals, source }: AbsentFacts,
  reading: Extract<Reading, { kind: 'in-scope' }>,
): Reason {
  if (kept !== null) {
    const message = 'a member was kept for them from a removed store: the next run links it again';
    return { code: 'will-be-adopted', message };
  }
  if (owner?.externalId === null) {
    const message = 'the address is a member’s that was added by hand: the next run adopts it';
    return { code: 'will-be-adopted', message };
  }
  const releases = owner?.storeId === store.id && isGone(owner);
  if (owner !== null && !releases) {
    return { code: 'conflict', message: reasonFor.conflict.owned(owner) };
  }
  const loses =
    rivals.length === 0
      ? ''
      : `; ${rivals.join(', ')} with the same address and a higher id will be a conflict`;
  const how = source.is === 'found' && reading.state !== 'ACTIVATED' ? ', inactive' : '';
  return {
    code: 'not-yet',
    message: `they are in scope and not synced yet: the next run creates them${how}${loses}`,
  };
}

function isGone({ status, inactiveCause }: Member): boolean {
  return status === 'inactive' && inactiveCause === 'gone';
}
