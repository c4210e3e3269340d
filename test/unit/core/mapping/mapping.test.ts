import jsonata from 'jsonata';
import { compileMapping } from '../../../../src/core/mapping/compile-mapping.ts';
import { jsonataFunctions, refusedFunctions } from '../../../../src/core/mapping/jsonata-names.ts';
import { type MappedUser, openMapping } from '../../../../src/core/mapping/map-user.ts';
import { memberFields } from '../../../../src/core/model/fields.ts';
import type { Mapping, MappingRule } from '../../../../src/core/model/store-config.ts';
import { defaultMapping } from '../../../../src/directories/jumpcloud/default-mapping.ts';
import { aSourceUser } from '../../../builders/source-user.ts';
import { expressions } from '../../../fakes/expressions.ts';

const user = aSourceUser(
  {
    email: 'ada@example.com',
    firstname: ' ada ',
    lastname: 'Lovelace',
    jobTitle: '',
    unix_uid: 5001,
    sudo: false,
    huge: Number.POSITIVE_INFINITY,
    inexact: JSON.parse('12345678901234567891'),
    nul: 'a\u0000b',
    half: '\ud83d',
    long: 'x'.repeat(4097),
    tags: ['a'],
    none: [],
    mfa: { configured: true },
    phoneNumbers: [
      { type: 'mobile', number: '1' },
      { type: 'work', number: '2' },
      { type: 'work', number: '3' },
    ],
  },
  { shirtSize: 'M', blank: '', list: ['7', 'x'], '\u00e9quipe A': 'oui' },
);

async function map(mapping: Mapping): Promise<MappedUser> {
  const [mapped] = await openMapping(mapping, expressions.forRun())([user]);
  if (mapped === undefined) throw new Error('the user was not mapped');
  return mapped;
}

/** The results of rules for a user, each on a field of its own: its value, or the message of its problem. */
async function mappedBy(rules: readonly MappingRule[]): Promise<readonly unknown[]> {
  const fields = rules.map((_, at) => `custom.${at}` as const);
  const { values, problems } = await map(
    Object.fromEntries(rules.map((rule, at) => [`custom.${at}`, rule])),
  );
  return fields.map((field) =>
    field in values ? values[field] : problems.find((each) => each.field === field)?.message,
  );
}

describe('a mapping rule', () => {
  const good: readonly [MappingRule, string | null][] = [
    [{ attribute: 'lastname' }, 'Lovelace'],
    [{ attribute: 'firstname' }, ' ada '],
    [{ attribute: 'unix_uid' }, '5001'],
    [{ attribute: 'sudo' }, 'false'],
    [{ attribute: 'jobTitle' }, null],
    [{ attribute: 'absent' }, null],
    [{ attribute: 'none' }, null],
    [{ attribute: 'jobTitle', default: 'Staff' }, 'Staff'],
    [{ attribute: 'lastname', default: 'Staff' }, 'Lovelace'],
    [{ attribute: 'phoneNumbers[type=work].number' }, '2'],
    [{ value: 'India' }, 'India'],
    [{ value: '' }, null],
    [{ custom: 'shirtSize' }, 'M'],
    [{ custom: 'shirtsize' }, null],
    [{ custom: 'blank' }, null],
    [{ custom: 'toString' }, null],
    [{ custom: ' e\u0301quipe\u00a0A' }, 'oui'],
    [{ attribute: 'firstname', transform: ['trim', 'titlecase'] }, 'Ada'],
    [{ attribute: 'firstname', transform: ['digits'], default: 'None' }, 'None'],
    [{ expression: "$trim(firstname) & ' ' & lastname" }, 'ada Lovelace'],
    [{ expression: '$custom.shirtSize' }, 'M'],
    [{ expression: 'unix_uid + 1' }, '5002'],
    [{ expression: 'absent' }, null],
    [{ expression: 'null' }, null],
    [{ expression: 'phoneNumbers[type="work"][0].number' }, '2'],
    [{ expression: '($f := function($x) { $uppercase($x) }; $f(lastname))' }, 'LOVELACE'],
    [{ expression: 'phoneNumbers#$i[$i = 2].number' }, '3'],
    [{ expression: '$replace(lastname, /^L(.*)e$/, "$1")' }, 'ovelac'],
    [{ expression: '$contains(lastname, /^[A-Z]\\w+$/)' }, 'true'],
  ];
  const bad: readonly [MappingRule, string][] = [
    [{ attribute: 'tags' }, 'is a list, not a single value'],
    [{ attribute: 'phoneNumbers.number' }, 'is a list, not a single value'],
    [{ custom: 'list' }, 'is a list, not a single value'],
    [{ attribute: 'inexact' }, 'is a number with too many digits to be read exactly'],
    [{ attribute: 'mfa' }, 'is an object, not a single value'],
    [{ attribute: 'huge' }, 'is not a finite number'],
    [{ attribute: 'nul' }, 'holds a character that is not text'],
    [{ attribute: 'half' }, 'holds a character that is not text'],
    [{ attribute: 'long' }, 'is longer than 4096 characters'],
    [{ expression: 'phoneNumbers.number' }, 'is a list, not a single value'],
    [{ expression: '$uppercase' }, 'is an object, not a single value'],
    [{ expression: '1/0' }, 'is not a finite number'],
    [
      { expression: '$number(lastname)' },
      'the expression failed near column 8: Unable to cast value to a number: (a text)',
    ],
    [{ expression: "$error('No.')" }, 'No.'],
    [{ expression: '[1..10000000]' }, 'maximum sequence length'],
    [{ expression: '($f := function($n) { 1 + $f($n) }; $f(0))' }, 'Stack overflow'],
    [{ expression: '($f := function($n) { $f($n) }; $f(0))' }, 'Evaluation timeout'],
    [{ expression: '$match(long, /.*.*=/)' }, 'could take for ever on a text of 4097 characters'],
  ];

  it('gives a value', async () => {
    const given = await mappedBy(good.map(([rule]) => rule));
    expect(good.map(([rule], at) => [rule, given[at]])).toEqual(good);
  });

  it('gives a problem', async () => {
    const given = await mappedBy(bad.map(([rule]) => rule));
    expect(bad.map(([rule], at) => [rule, given[at]])).toEqual(
      bad.map(([rule, message]) => [rule, expect.stringContaining(message)]),
    );
  });
});

describe('a mapping', () => {
  it('leaves out the fields with a problem, and maps the rest', async () => {
    const mapping: Mapping = {
      email: { attribute: 'email' },
      lastName: { attribute: 'tags' },
      department: { attribute: 'absent', apply: 'on-create' },
      'custom.shirtSize': { custom: 'shirtSize', apply: 'always' },
      displayName: { expression: '$number(lastname)' },
    };
    expect(await map(mapping)).toEqual({
      values: { email: 'ada@example.com', department: null, 'custom.shirtSize': 'M' },
      problems: [
        { field: 'lastName', message: expect.any(String) },
        { field: 'displayName', message: expect.any(String) },
      ],
      onCreateOnly: new Set(['department']),
    });
  });

  it('has a default source for every member field', () => {
    expect(Object.keys(defaultMapping)).toEqual([...memberFields]);
    expect(() => compileMapping(defaultMapping)).not.toThrow();
  });

  it.each<[MappingRule, string]>([
    [{ attribute: 'a[b' }, 'mapping.jobTitle: in the attribute path "a[b", column 2'],
    [{ custom: '' }, 'the name of the custom attribute is empty'],
    [{ value: 'a\u0000' }, 'the value holds a character that is not text'],
    [{ attribute: 'a', default: 'a\u0000' }, 'the value holds a character that is not text'],
    [
      { attribute: 'a', transform: ['lowecase'] },
      'no such transform: lowecase. Did you mean lowercase?',
    ],
    [{ attribute: 'a', transform: ['zz'] }, 'There are collapseSpaces, digits'],
    [
      { expression: 'a &' },
      'mapping.jobTitle: the expression is wrong near column 3: Unexpected end',
    ],
    [{ expression: '' }, 'the expression is wrong'],
    [{ expression: `${'('.repeat(4_000)}1` }, 'the expression is wrong near column'],
    [{ expression: `1${' '.repeat(4_096)}` }, 'it has 4097 characters, and at most 4096'],
    [
      { expression: '"a" & $lowercas(b)' },
      'near column 7: there is no $lowercas. Did you mean $lowercase?',
    ],
    [{ expression: '$x' }, 'there is no $x'],
    [{ expression: '$now()' }, '$now is refused, because it changes with the clock'],
    [{ expression: '($f := $random; $f())' }, '$random is refused'],
    [{ expression: '$eval("$now()")' }, '$eval is refused'],
    [{ expression: '$match(a, /^(a+)+$/)' }, 'could take for ever'],
  ])('with %.60j is refused', (rule, message) => {
    expect(() => compileMapping({ jobTitle: rule })).toThrow(message);
  });

  it('is refused when its expressions are too long together', () => {
    const rule = { expression: `1${' '.repeat(4_000)}` };
    const fields = ['jobTitle', 'company', 'state', 'city', 'street'] as const;
    const mapping = Object.fromEntries(fields.map((field) => [field, rule]));
    expect(() => compileMapping(mapping)).toThrow(
      'mapping: its expressions have 20005 characters together; at most 16384 are possible',
    );
  });

  it('is refused with all that is wrong', () => {
    const mapping = {
      email: { value: 'all@example.com' },
      contry: { value: 'India' },
      shirt: { custom: 'shirtSize' },
    } as Mapping;
    expect(() => compileMapping(mapping)).toThrow(
      [
        'mapping.email: each member has an e-mail address of their own: name an attribute, without a default',
        'mapping.contry: no such member field. Did you mean country?',
        'mapping.shirt: no such member field. Fields of your own are called custom.NAME.',
      ].join('\n'),
    );
    expect(() => compileMapping({ email: { attribute: 'email', default: 'a@b.c' } })).toThrow(
      'mapping.email',
    );
  });

  it('accepts the functions of JSONata', async () => {
    const known = [...jsonataFunctions, ...Object.keys(refusedFunctions)];
    const missing = [];
    for (const name of known) {
      if ((await jsonata(`$exists($${name})`).evaluate({})) !== true) missing.push(name);
    }
    expect(missing).toEqual([]);
  });
});
