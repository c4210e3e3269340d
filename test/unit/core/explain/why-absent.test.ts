import { type AbsentFacts, whyAbsent } from '../../../../src/core/explain/why-absent.ts';
import type { Reading } from '../../../../src/core/plan/read-user.ts';
import { aMember, statusSync } from '../../../builders/models.ts';
import { aSourceUser } from '../../../builders/source-user.ts';

type InScope = Extract<Reading, { kind: 'in-scope' }>;

const inScope: InScope = {
  kind: 'in-scope',
  externalId: 'u1',
  state: 'ACTIVATED',
  email: 'ada@x.test',
  emailKey: 'ada@x.test',
  desired: {},
  onCreateOnly: new Set(),
  fieldProblems: [],
};
const found = (reading: Reading, user: object = {}): AbsentFacts['source'] => ({
  is: 'found',
  user: { ...aSourceUser({ email: 'ada@x.test' }), ...user },
  reading,
});
const outOfScope: Reading = { kind: 'out-of-scope', externalId: 'u1', email: 'ada@x.test' };
const problem: Reading = {
  kind: 'problem',
  externalId: 'u1',
  email: null,
  state: 'ACTIVATED',
  message: 'no e-mail address',
};
const criteria: NonNullable<AbsentFacts['criteria']> = {
  verdict: 'out',
  conditions: [],
  pattern: '1',
  firstFailing: 2,
  wouldAdmit: [],
};
const facts: AbsentFacts = {
  store: { id: 'store1', name: 'acme' },
  statusSync,
  source: found(inScope),
  criteria: null,
  runsFail: null,
  sameId: null,
  kept: null,
  owner: null,
  rivals: [],
};
const gone = { status: 'inactive', inactiveCause: 'gone' } as const;
const unread: AbsentFacts['source'] = { is: 'unreachable', reason: 'it is down' };
const deletes = { ...statusSync, deactivated: 'delete' } as const;

describe('why a person is no member', () => {
  it.each<[string, string, Partial<AbsentFacts>]>([
    ['source-unread', 'it is down', { source: unread }],
    ['not-in-directory', 'No user in the directory of acme', { source: { is: 'absent' } }],
    ['runs-fail', 'Every run fails: no group X', { runsFail: 'no group X' }],
    ['other-address', 'as old@x.test', { sameId: aMember({ fields: { email: 'old@x.test' } }) }],
    ['out-of-scope', 'condition 2 is the first', { source: found(outOfScope), criteria }],
    [
      'out-of-scope',
      'besides, they are staged',
      { source: found(outOfScope, { state: 'STAGED' }) },
    ],
    ['email', 'no e-mail address', { source: found(problem) }],
    [
      'unreadable',
      'its state is 5',
      {
        source: {
          is: 'found',
          user: { externalId: 'u1', unreadable: 'its state is 5' },
          reading: { ...problem, state: null, message: 'its state is 5' },
        },
      },
    ],
    [
      'criteria-unknown',
      'no e-mail address',
      {
        source: found({ ...problem, state: null }),
        criteria: { ...criteria, verdict: { unknown: 'x' } },
      },
    ],
    ['staged', 'staged: skip', { source: found({ ...inScope, state: 'STAGED' }) }],
    ['staged', 'staged: skip', { source: found({ ...problem, state: 'STAGED' }) }],
    [
      'suspended',
      'deactivated: delete',
      { source: found({ ...inScope, state: 'SUSPENDED' }), statusSync: deletes },
    ],
    ['conflict', 'the member of user u7', { owner: aMember({ externalId: 'u7' }) }],
    [
      'conflict',
      'the member of user u7',
      { owner: aMember({ ...gone, externalId: 'u7', storeId: 'b' }) },
    ],
    ['not-yet', 'the next run creates them', { owner: aMember({ ...gone, externalId: 'u7' }) }],
    ['will-be-adopted', 'added by hand', { owner: aMember({ externalId: null, storeId: null }) }],
    ['will-be-adopted', 'kept for them', { kept: aMember(), owner: aMember() }],
    ['not-yet', 'the next run creates them.', {}],
    ['not-yet', 'creates them, inactive', { source: found({ ...inScope, state: 'SUSPENDED' }) }],
    ['not-yet', 'u2 with the same address', { rivals: ['u2'] }],
  ])('%s: %s', (code, words, given) => {
    const reason = whyAbsent({ ...facts, ...given });
    expect(reason.code).toBe(code);
    expect(reason.message).toContain(words);
    expect(reason.message).toMatch(/^[A-Z].*\.$/);
  });
});
