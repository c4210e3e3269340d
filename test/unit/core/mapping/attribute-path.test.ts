import fc from 'fast-check';
import {
  parseAttributePath,
  readPath,
  readValue,
} from '../../../../src/core/mapping/attribute-path.ts';
import type { JsonObject } from '../../../../src/core/model/source-user.ts';

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
  'e\u0301quipe': { 'no\u0308': 'A', k: 'e\u0301' },
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
    ['phoneNumbers[type=Work].number', ['2', '3'], false],
    ['phoneNumbers[number=2].type', ['work'], false],
    [' department\u00a0', ['Sales'], false],
    ['e\u0301quipe.no\u0308', ['A'], false],
    ['\u00e9quipe.n\u00f6', ['A'], false],
    ['\u00e9quipe[k=\u00e9].n\u00f6', ['A'], false],
    ['relationships[ type = "my boss" ].value', ['u2'], false],
    ['relationships[type=my boss].value', ['u2'], false],
    ['phoneNumbers.number', ['1', '2', '3'], true],
    ['tags', ['a', 'b'], true],
  ])('%s finds %j', (text, values, isList) => {
    expect(readPath(parseAttributePath(text), record)).toEqual({ values, isList });
  });

  it('leads to the same as a value: to all of a list, else to the first', () => {
    const names = fc.constantFrom('a', 'b', 'type');
    const { record: anyRecord } = fc.letrec((tie) => ({
      record: fc.dictionary(names, tie('value'), { maxKeys: 3 }),
      typed: fc.record({ type: fc.constantFrom('x', 1), a: tie('value') }),
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('x', 'y', '', null, 1, false),
        tie('record'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(tie('typed'), { maxLength: 3 }),
      ),
    }));
    const step = fc.tuple(names, fc.constantFrom('', '[type=x]', '[type=1]', '[type=x][a=y]'));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 3 }), anyRecord, (steps, any) => {
        const path = parseAttributePath(steps.map((parts) => parts.join('')).join('.'));
        const { values, isList } = readPath(path, any as JsonObject);
        const expected = isList && values.length > 0 ? values : values[0];
        expect(readValue(path, any as JsonObject)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
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
