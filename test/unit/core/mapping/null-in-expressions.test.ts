import fc from 'fast-check';
import { openMapping } from '../../../../src/core/mapping/map-user.ts';
import { aSourceUser } from '../../../builders/source-user.ts';
import { expressions } from '../../../fakes/expressions.ts';

type Record = Parameters<typeof aSourceUser>[0];

async function evaluate(expression: string, record: Record, fallback?: string): Promise<unknown> {
  const rule = { expression, ...(fallback !== undefined && { default: fallback }) };
  const custom = { badge: '7', '\u00e9quipe A': 'oui' };
  const map = openMapping({ displayName: rule }, expressions.forRun());
  const [mapped] = await map([aSourceUser(record, custom)]);
  return mapped?.problems[0]?.message ?? mapped?.values.displayName;
}

const names = "firstname & ' ' & lastname";
const ada = { firstname: 'Ada', middlename: null, lastname: 'Lovelace', tags: [null, 'a'] };
const nobody = { firstname: null, lastname: null, addresses: [{ locality: null }] };

describe('null in an expression', () => {
  it.each<[string, Record, unknown]>([
    [names, ada, 'Ada Lovelace'],
    [names, { ...ada, firstname: null }, ' Lovelace'],
    [names, nobody, null],
    ["firstname & (middlename ? ' ' & middlename : null) & ' ' & lastname", ada, 'Ada Lovelace'],
    ["$join([firstname, middlename, lastname], ' ')", ada, 'Ada Lovelace'],
    ['$uppercase(middlename)', ada, null],
    ['$string(middlename)', ada, null],
    ["$string(middlename) & 'x'", ada, 'x'],
    ['$length(middlename)', ada, null],
    ["addresses[0].locality & ''", nobody, null],
    ["$lookup($, 'firstname') & ''", nobody, null],
    ["$join(tags, ',')", ada, 'a'],
    ["$join($map([firstname, lastname], function($v) { $v & '' }), '')", nobody, null],
    ["middlename = null ? 'none' : 'one'", ada, 'none'],
    ["absent = null ? 'none' : 'one'", ada, 'none'],
    ["null = firstname ? 'none' : 'one'", ada, 'one'],
    ["firstname != null ? 'one' : 'none'", ada, 'one'],
    ["null != middlename ? 'one' : 'none'", ada, 'none'],
    ["(firstname = null or lastname != null) ? 'yes' : 'no'", ada, 'yes'],
    ["$exists(middlename) ? 'one' : 'none'", ada, 'none'],
    ["$filter([firstname, middlename], function($v) { $v != null }) & ''", ada, 'Ada'],
    ['null', ada, null],
    ['$custom.badge', ada, '7'],
    ['$custom."e\u0301quipe\u00a0A"', ada, 'oui'],
  ])('is nothing: %s', async (expression, record, made) => {
    expect(await evaluate(expression, record)).toBe(made);
  });

  it.each([[nobody], [{}], [{ firstname: '', lastname: ' ' }]])(
    'lets the default act when only blanks remain of %j',
    async (record) => {
      expect(await evaluate(names, record, '(no name)')).toBe('(no name)');
      expect(await evaluate("'\u00a0\t'", record, '(no name)')).toBe('(no name)');
    },
  );

  it('gives the same as an absent attribute, wherever it is', async () => {
    const texts = [names, "$join([firstname, lastname], '-')", "lastname = null ? 'x' : firstname"];
    const part = fc.constantFrom('Ada', '', null);
    await fc.assert(
      fc.asyncProperty(part, part, fc.constantFrom(...texts), async (first, last, text) => {
        const withNull = { firstname: first, lastname: last };
        const absent = Object.fromEntries(
          Object.entries(withNull).filter(([, value]) => value !== null),
        );
        expect(await evaluate(text, withNull)).toBe(await evaluate(text, absent));
      }),
    );
  });
});
