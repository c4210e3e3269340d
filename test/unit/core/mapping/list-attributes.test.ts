import { parseAttributePath, readPath } from '../../../../src/core/mapping/attribute-path.ts';
import { listAttributes } from '../../../../src/core/mapping/list-attributes.ts';
import type { SourceUser } from '../../../../src/core/model/source-user.ts';

const user = (record: object, custom: Record<string, string> = {}): SourceUser => ({
  externalId: 'u',
  state: 'ACTIVATED',
  orgId: null,
  record: { ...record },
  custom,
});

const record = {
  department: 'Sales',
  mfa: { configured: false },
  blank: '',
  none: null,
  phoneNumbers: [
    { type: 'work', number: '1' },
    { type: 'mobile', number: '2' },
    { number: '3' },
    { type: 'a b', number: '4' },
  ],
  tags: ['a', 'b'],
  attributes: [{ name: 'shirtSize', value: 'M' }],
  deep: { a: { b: { c: { d: 'too deep' } } } },
};

describe('the attributes of users', () => {
  it('are every single value, by its path in a mapping', () => {
    expect(listAttributes([user(record, { shirtSize: 'M', empty: '' })])).toEqual([
      { kind: 'attribute', name: 'department', users: 1, examples: ['Sales'] },
      { kind: 'attribute', name: 'mfa.configured', users: 1, examples: ['false'] },
      { kind: 'attribute', name: 'phoneNumbers[type=mobile].number', users: 1, examples: ['2'] },
      { kind: 'attribute', name: 'phoneNumbers[type=mobile].type', users: 1, examples: ['mobile'] },
      { kind: 'attribute', name: 'phoneNumbers[type=work].number', users: 1, examples: ['1'] },
      { kind: 'attribute', name: 'phoneNumbers[type=work].type', users: 1, examples: ['work'] },
      { kind: 'custom', name: 'shirtSize', users: 1, examples: ['M'] },
    ]);
  });

  it('are found again by their paths', () => {
    for (const { kind, name, examples } of listAttributes([user(record)])) {
      if (kind === 'custom') continue;
      const { values } = readPath(parseAttributePath(name), record);
      expect(values.map(String)).toEqual(examples);
    }
  });

  it('count users, and show a few different values, cut', () => {
    const users = ['a', 'a', 'b', 'c', 'd', 'x'.repeat(200)].map((department) =>
      user({ department }),
    );
    expect(listAttributes(users)).toEqual([
      { kind: 'attribute', name: 'department', users: 6, examples: ['a', 'b', 'c'] },
    ]);
    expect(listAttributes(users.slice(5))[0]?.examples[0]).toHaveLength(100);
  });
});
