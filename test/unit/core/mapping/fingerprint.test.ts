import { hash } from 'node:crypto';
import fc from 'fast-check';
import { compileFingerprint } from '../../../../src/core/mapping/fingerprint.ts';
import { openMapping } from '../../../../src/core/mapping/map-user.ts';
import type { SourceUser } from '../../../../src/core/model/source-user.ts';
import type { Mapping } from '../../../../src/core/model/store-config.ts';
import { defaultGroupSync } from '../../../../src/core/store-file/default-config.ts';
import { defaultMapping } from '../../../../src/directories/jumpcloud/default-mapping.ts';
import { statusSync } from '../../../builders/models.ts';
import { aSourceUser } from '../../../builders/source-user.ts';
import { expressions } from '../../../fakes/expressions.ts';

const settings = { statusSync };
const groups = defaultGroupSync;
const sha256 = (text: string): string => hash('sha256', text, 'base64');
const mapping: Mapping = {
  ...defaultMapping,
  country: { value: 'India' },
  'custom.shirtSize': { custom: 'shirtSize', transform: ['lowercase'] },
};
const fingerprintOf = compileFingerprint({ mapping, settings, groups }, sha256);

/** Few values, so that two users are often alike. */
const value = fc.constantFrom<unknown>(undefined, null, '', 'A', 'a', 1, '1', ['A'], { x: 'A' });
const number = fc.record({ type: fc.constantFrom('work', 'home'), number: value });
const user: fc.Arbitrary<SourceUser> = fc.record({
  externalId: fc.constantFrom('u1', 'u2'),
  state: fc.constantFrom('ACTIVATED' as const, 'SUSPENDED' as const),
  orgId: fc.constant(null),
  record: fc.record({ firstname: value, phoneNumbers: fc.array(number, { maxLength: 1 }) }),
  custom: fc.dictionary(fc.constantFrom('shirtSize', 'ShirtSize'), fc.constantFrom('M', 'm')),
});

describe('a fingerprint', () => {
  it('has 44 characters that contain nothing of the person', () => {
    expect(fingerprintOf(aSourceUser({ email: 'ada@acme.test' }))).toMatch(/^[\w+/]{43}=$/);
  });

  it('is never the same for users that are mapped or decided differently', async () => {
    const map = openMapping(mapping, expressions.forRun());
    let alike = 0;
    await fc.assert(
      fc.asyncProperty(user, user, async (one, other) => {
        if (fingerprintOf(one) !== fingerprintOf(other)) return;
        alike += 1;
        expect(one.state).toBe(other.state);
        expect(await map([one])).toEqual(await map([other]));
      }),
      { numRuns: 5000 },
    );
    expect(alike).toBeGreaterThan(0);
  });

  it('does not change with attributes that no rule reads', () => {
    const before = aSourceUser({ firstname: 'Ada', lastLogin: 'yesterday' });
    const after = aSourceUser({ firstname: 'Ada', lastLogin: 'today' }, { badge: '7' });
    expect(fingerprintOf(after)).toBe(fingerprintOf(before));
  });

  it('changes with any attribute once an expression may read it', () => {
    const rules: Mapping = { ...mapping, displayName: { expression: "firstname & '!'" } };
    const withExpression = compileFingerprint({ mapping: rules, settings, groups }, sha256);
    expect(withExpression(aSourceUser({ lastLogin: 'today' }))).not.toBe(
      withExpression(aSourceUser({ lastLogin: 'yesterday' })),
    );
  });

  it.each<[string, Parameters<typeof compileFingerprint>[0]]>([
    [
      'a transform',
      {
        mapping: { ...mapping, city: { attribute: 'city', transform: ['trim'] } },
        settings,
        groups,
      },
    ],
    [
      'a hard-coded value',
      { mapping: { ...mapping, country: { value: 'Chile' } }, settings, groups },
    ],
    ['what becomes of who left', { mapping, settings, groups: { ...groups, left: 'deactivate' } }],
    [
      'the status sync',
      { mapping, settings: { statusSync: { ...statusSync, staged: 'inactive' } }, groups },
    ],
  ])('changes with %s', (_, rules) => {
    const ada = aSourceUser({ firstname: 'Ada' });
    expect(compileFingerprint(rules, sha256)(ada)).not.toBe(fingerprintOf(ada));
  });
});
