import { openMapping } from '../../../../src/core/mapping/map-user.ts';
import { traceMapping, type UserTrace } from '../../../../src/core/mapping/trace-mapping.ts';
import type { SourceUser } from '../../../../src/core/model/source-user.ts';
import type { Mapping } from '../../../../src/core/model/store-config.ts';
import { aSourceUser } from '../../../builders/source-user.ts';
import { expressions } from '../../../fakes/expressions.ts';

const user = aSourceUser(
  { email: 'Ame\u0301@x.test', department: ' sales ', tags: ['a', 'b'], title: 'x' },
  { shirt: 'M' },
);
const mapping: Mapping = {
  email: { attribute: 'email' },
  department: { attribute: 'department', transform: ['trim', 'titlecase'] },
  company: { attribute: 'company', default: 'Acme' },
  country: { value: 'India' },
  jobTitle: { expression: '$number(title)' },
  displayName: { expression: "$uppercase(title) & '!'" },
  location: { attribute: 'tags' },
  'custom.size': { custom: 'shirt' },
};

/** The trace of one user. */
async function traceOf(one: SourceUser): Promise<UserTrace> {
  const [traced] = await traceMapping(mapping, [one], expressions.forRequest());
  if (traced === undefined) throw new Error('the user has no trace');
  return traced;
}

describe('tracing a mapping', () => {
  it('shows the value that each rule finds and the mapped value', async () => {
    const traces = Object.fromEntries(
      [...(await traceOf(user))].map(([field, { raw, made }]) => [field, [raw, made]]),
    );
    expect(traces).toEqual({
      email: ['Ame\u0301@x.test', 'Am\u00e9@x.test'],
      department: [' sales ', 'Sales'],
      company: [undefined, 'Acme'],
      country: ['India', 'India'],
      jobTitle: [undefined, { problem: expect.stringContaining('Unable to cast value') }],
      displayName: ['X!', 'X!'],
      location: [['a', 'b'], { problem: 'is a list, not a single value' }],
      'custom.size': ['M', 'M'],
    });
  });

  it('gives the same values as a run', async () => {
    const [mapped] = await openMapping(mapping, expressions.forRun())([user]);
    const made = [...(await traceOf(user))].flatMap(([field, trace]) =>
      typeof trace.made === 'string' ? [[field, trace.made]] : [],
    );
    expect(Object.fromEntries(made)).toEqual({
      ...mapped?.values,
      email: mapped?.values.email?.normalize('NFC'),
    });
  });

  it('reports a malformed address as a problem', async () => {
    const traces = await traceOf(aSourceUser({ email: 'nonsense' }));
    expect(traces.get('email')?.made).toEqual({ problem: 'the e-mail address has no @' });
  });
});
