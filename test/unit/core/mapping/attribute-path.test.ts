import { parseAttributePath, readPath } from '../../../../src/core/mapping/attribute-path.ts';

const record = {
  _id: 'u1',
  department: 'Sales',
  mfa: { configured: true, exclusion: null },
  phoneNumbers: [
    { type: 'mobile', number: '1' },
    { type: 'work', number: '' },
    { type: 'work', number: '2', primary: true },
    { type: 'work', number: '3' },
    null,
    'odd',
  ],
  relationships: [{ type: 'my boss', value: 'u2' }],
  tags: ['a', 'b'],
};

describe('an attribute path', () => {
  it.each<[string, readonly unknown[], boolean]>([
    ['department', ['Sales'], false],
    ['_id', ['u1'], false],
    ['mfa.configured', [true], false],
    ['mfa.exclusion', [], false],
    ['mfa', [{ configured: true, exclusion: null }], false],
    ['absent.deeper', [], false],
    ['department.length', [], false],
    ['constructor.name', [], false],
    ['phoneNumbers[type=work].number', ['2', '3'], false],
    ['phoneNumbers[type=work][primary=true].number', ['2'], false],
    ['phoneNumbers[type=Work].number', [], false],
    ['relationships[ type = "my boss" ].value', ['u2'], false],
    ['relationships[type=my boss].value', ['u2'], false],
    ['phoneNumbers.number', ['1', '2', '3'], true],
    ['tags', ['a', 'b'], true],
  ])('%s finds %j', (text, values, isList) => {
    expect(readPath(parseAttributePath(text), record)).toEqual({ values, isList });
  });

  it.each([
    ['', 'column 1: expected an attribute name, found the end'],
    ['a..b', 'column 3: expected an attribute name, found "."'],
    ['a.', 'column 3: expected an attribute name, found the end'],
    ['a b', 'column 2: expected ".", "[" or the end, found " "'],
    ['a[', 'column 2: expected a filter such as [type=work], found "["'],
    ['a[0].b', 'column 2: expected a filter'],
    ['a[type=].b', 'column 2: expected a filter'],
    ['a[type=work', 'column 2: expected a filter'],
    ['a[type=work]b', 'column 13: expected ".", "[" or the end, found "b"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseAttributePath(text)).toThrow(message);
  });
});
