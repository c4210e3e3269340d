import { parse } from 'yaml';
import { defaultStoreConfig } from '../../../../src/core/store-file/default-config.ts';
import { describeChanges } from '../../../../src/core/store-file/describe-changes.ts';
import { parseStoreFile } from '../../../../src/core/store-file/parse-store-file.ts';
import { defaultMapping } from '../../../../src/directories/jumpcloud/default-mapping.ts';

const current = defaultStoreConfig(defaultMapping);
const apply = (yaml: string) => parseStoreFile(parse(yaml), current, defaultMapping);

describe('the section groups of a store file', () => {
  it('has a default for every key', () => {
    expect(apply('groups: { sync: true }').groups).toEqual({
      sync: true,
      criteria: 'all',
      left: 'keep',
      deleted: 'keep',
      roles: {},
    });
  });

  it('is read whole, and told setting by setting', () => {
    const config = apply(`
groups:
  sync: true
  criteria:
    conditions:
      - { attribute: name, operator: startsWith, value: app- }
      - { attribute: membershipMethod, operator: notEquals, value: STATIC }
    pattern: 1 or 2
  left: deactivate
  deleted: delete
  roles: { it-admins: admin, "5f00": auditor }
`);
    expect(config.groups).toMatchObject({
      criteria: { conditions: [{ value: 'app-' }, { value: 'STATIC' }], pattern: '1 or 2' },
      roles: { 'it-admins': 'admin', '5f00': 'auditor' },
    });
    const paths = describeChanges(current, config).map(({ path }) => path);
    expect(paths.toSorted()).toEqual([
      'groups.criteria',
      'groups.deleted',
      'groups.left',
      'groups.roles',
      'groups.sync',
    ]);
  });

  it.each([
    ['sync: maybe', /groups\.sync: expected true or false/],
    ['left: remove', /groups\.left: expected one of keep, deactivate/],
    ['roles: { a: "Big Boss" }', /groups\.roles\.a: expected a role of at most 64/],
    ['criteria: some', /groups\.criteria: expected all, or conditions/],
    ['criteria: { conditions: [] }', /groups\.criteria: give at least one condition/],
    [
      'criteria: { conditions: [{ memberOf: Sales }] }',
      /groups\.criteria\.conditions\[0\]: expected an attribute of the group/,
    ],
    [
      'criteria: { conditions: [{ attribute: name, operator: equals }] }',
      /groups\.criteria\.conditions\[0\]: the operator equals needs a value/,
    ],
    ['nested: true', /groups\.nested: no such key/],
  ])('refuses %s', (yaml, complaint) => {
    expect(() => apply(`groups: { ${yaml} }`)).toThrow(complaint);
  });
});
