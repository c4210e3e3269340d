import type { SourceNow } from '../../../../src/core/explain/source-now.ts';
import { explainField, type FieldFacts } from '../../../../src/core/explain/why-field.ts';
import { explainStatus, type StatusFacts } from '../../../../src/core/explain/why-status.ts';
import { blankDraft } from '../../../../src/core/plan/draft.ts';
import type { Reading } from '../../../../src/core/plan/read-user.ts';
import { aMember, statusSync } from '../../../builders/models.ts';
import { aSourceUser } from '../../../builders/source-user.ts';

const inScope: Reading = {
  kind: 'in-scope',
  externalId: 'u1',
  state: 'ACTIVATED',
  email: 'u1@acme.test',
  emailKey: 'u1@acme.test',
  desired: {},
  onCreateOnly: new Set(),
  fieldProblems: [],
};
const outOfScope: Reading = { kind: 'out-of-scope', externalId: 'u1', email: null };
const found = (reading: Reading): SourceNow => ({ is: 'found', user: aSourceUser(), reading });
const unread: SourceNow = { is: 'unreachable', reason: 'it is down' };
const problem: Reading = {
  kind: 'problem',
  externalId: 'u1',
  email: null,
  state: null,
  message: 'no e-mail address',
};

describe('whether source and store agree on a field', () => {
  const rule = { attribute: 'department' };
  const differs: FieldFacts = {
    field: 'department',
    blocking: [],
    member: aMember(),
    rule,
    source: found(inScope),
    trace: { rule, raw: 'Ops', made: 'Ops' },
    stored: 'Sales',
    next: null,
  };
  const draft = { ...blankDraft({ runId: 'r' }, 'u1', null), reason: 'because' };

  const change = { field: 'department', from: 'Sales', to: 'Ops' };
  const record = { ...draft, seq: 1, runId: 'run7', changes: [change] };

  it.each<[string, string, Partial<FieldFacts>]>([
    ['held', 'rollcall runs approve run7', { blocking: [{ ...record, status: 'held' }] }],
    [
      'rejected',
      'rejected in run run7 by cli:eve',
      { blocking: [{ ...record, status: 'rejected', decidedBy: 'cli:eve' }] },
    ],
    [
      'will-change',
      'takes it over',
      { blocking: [{ ...record, status: 'held', changes: [{ ...change, field: 'email' }] }] },
    ],
    ['will-change', 'takes it over', { blocking: [{ ...record, status: 'held' }], next: record }],
    ['agrees', 'agree', { stored: 'Ops' }],
    ['agrees', 'agree', { stored: null, trace: { rule, raw: undefined, made: null } }],
    ['will-change', 'next run takes it over', {}],
    ['will-change', 'next run takes it over', { trace: { rule, raw: null, made: null } }],
    ['on-create', 'on create only', { rule: { ...rule, apply: 'on-create' } }],
    ['mapping-problem', 'is a list', { trace: { rule, raw: [], made: { problem: 'is a list' } } }],
    ['not-mapped', 'No rule', { rule: null }],
    ['source-unread', 'it is down', { source: unread, trace: null }],
    ['gone', 'no longer has this person', { source: { is: 'absent' }, trace: null }],
    ['out-of-scope', 'out of scope', { source: found(outOfScope) }],
    ['agrees', 'agree', { source: found(outOfScope), stored: 'Ops' }],
    ['person-problem', 'no e-mail address', { source: found(problem) }],
    ['conflict', 'because', { next: { ...draft, action: 'conflict' } }],
    ['will-be-deleted', 'because', { next: { ...draft, action: 'delete' } }],
    ['no-store', 'added by hand', { source: { is: 'none' } }],
    [
      'no-store',
      'kept from a removed store (jumpcloud, organization org1)',
      {
        source: { is: 'none' },
        member: aMember({ keptFrom: { directory: 'jumpcloud', orgId: 'org1' } }),
      },
    ],
  ])('%s: %s', (code, words, given) => {
    const reason = explainField({ ...differs, ...given });
    expect(reason.code).toBe(code);
    expect(reason.message).toContain(words);
  });
});

describe('why a member has its status', () => {
  const facts: StatusFacts = { member: aMember(), source: found(inScope), statusSync };
  const suspended = found({ ...inScope, state: 'SUSPENDED' } as Reading);
  const inactive = (cause: 'suspended' | 'staged' | 'out-of-scope' | 'gone') =>
    aMember({ status: 'inactive', inactiveCause: cause });

  it.each<[string, string, Partial<StatusFacts>]>([
    ['active', 'as the person is in the directory', {}],
    ['active', 'Active', { source: unread }],
    [
      'by-hand',
      'Made inactive by hand',
      { member: aMember({ status: 'inactive', statusBy: 'person' }) },
    ],
    ['suspended', 'was suspended', { member: inactive('suspended') }],
    ['staged', 'was staged', { member: inactive('staged') }],
    ['out-of-scope', 'didn’t match', { member: inactive('out-of-scope') }],
    ['gone', 'no longer had', { member: inactive('gone') }],
    ['inactive', 'no cause', { member: aMember({ status: 'inactive' }) }],
    ['active-though-suspended', 'now the person is suspended', { source: suspended }],
    [
      'active-though-suspended',
      'although the person is suspended in the directory: status sync has mode: ignore',
      { source: suspended, statusSync: { ...statusSync, mode: 'ignore' } },
    ],
    [
      'active-though-staged',
      'staged: skip',
      { source: found({ ...inScope, state: 'STAGED' } as Reading) },
    ],
    ['active-though-gone', 'is not in the directory', { source: { is: 'absent' } }],
    ['active-though-out-of-scope', 'now the person does not match', { source: found(outOfScope) }],
    [
      'active-though-out-of-scope',
      'outOfScope: keep',
      { source: found(outOfScope), statusSync: { ...statusSync, outOfScope: 'keep' } },
    ],
    ['no-store', 'added by hand', { source: { is: 'none' }, statusSync: null }],
  ])('%s: %s', (code, words, given) => {
    const reason = explainStatus({ ...facts, ...given });
    expect(reason.code).toBe(code);
    expect(reason.message).toContain(words);
  });
});
