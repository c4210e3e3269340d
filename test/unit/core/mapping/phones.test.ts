import { openMapping } from '../../../../src/core/mapping/map-user.ts';
import type { SourceUser } from '../../../../src/core/model/source-user.ts';
import type { Mapping } from '../../../../src/core/model/store-config.ts';
import { defaultMapping } from '../../../../src/directories/jumpcloud/default-mapping.ts';
import { aSourceUser } from '../../../builders/source-user.ts';
import { expressions } from '../../../fakes/expressions.ts';

async function valuesOf(mapping: Mapping, user: SourceUser) {
  const [mapped] = await openMapping(mapping, expressions.forRun())([user]);
  return mapped?.values;
}

/** The phones of a member by the default mapping. */
async function phonesOf(phoneNumbers: unknown) {
  const values = await valuesOf(defaultMapping, aSourceUser({ phoneNumbers }));
  return { phone: values?.phone, mobile: values?.mobile };
}

const phone = (type: unknown, number: unknown) => ({ type, number });

describe('the phones of the default mapping', () => {
  it.each<[string, readonly object[], string | null, string | null]>([
    ['types as documented', [phone('work', '1'), phone('mobile', '2')], '1', '2'],
    ['types in capitals', [phone('WORK', '1'), phone('Mobile', '2')], '1', '2'],
    ['a mobile phone of the company', [phone('work_mobile', '2')], null, '2'],
    ['two mobile phones', [phone('Work_Mobile', '2'), phone('mobile', '3')], null, '2'],
    [
      'a mobile phone without a number',
      [phone('mobile', ''), phone('work_mobile', '3')],
      null,
      '3',
    ],
    ['one phone without a type', [{ number: '1' }], '1', null],
    ['one phone without a type, and others', [phone('home', '9'), phone(null, '1')], '1', null],
    ['a phone at work, and one without a type', [phone('', '1'), phone('work', '2')], '2', null],
    ['two phones without a type', [{ number: '1' }, { number: '2' }], null, null],
    ['a number at work that is blank', [phone('work', null), phone('', '1')], '1', null],
    ['other types', [phone('home', '1'), phone('work_fax', '2')], null, null],
  ])('are found among %s', async (_, phones, work, mobile) => {
    await expect(phonesOf(phones)).resolves.toEqual({ phone: work, mobile });
  });

  it.each([undefined, null, 'none', 7, [null, 'odd']])('are blank in %j', async (phones) => {
    await expect(phonesOf(phones)).resolves.toEqual({ phone: null, mobile: null });
  });

  it('are what the path says by any other rule', async () => {
    const mapping = {
      'custom.private': { attribute: 'phoneNumbers[type=mobile].number' },
      'custom.desk': { attribute: 'phoneNumbers[type=work].number' },
    };
    const user = aSourceUser({ phoneNumbers: [phone('work_mobile', '1'), { number: '2' }] });
    expect(await valuesOf(mapping, user)).toEqual({
      'custom.private': null,
      'custom.desk': null,
    });
  });
});
