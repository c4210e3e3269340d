import { sampleUser } from '../../../../src/core/mapping/sample-user.ts';

describe('a user for previews', () => {
  it('has what a mapping can read, and no secret', () => {
    const record = {
      email: 'ada@acme.test',
      password: 'hunter2',
      totp_enabled: true,
      ssh_keys: [{ public_key: 'ssh-rsa AAAA' }],
      photo: 'x'.repeat(1001),
      phoneNumbers: [{ type: 'work', number: '1' }],
      attributes: [
        { name: 'shirtSize', value: 'M' },
        { name: 'apiToken', value: 'abc' },
      ],
      deep: { a: { b: { c: { d: { e: 1 } } } } },
    };
    const custom = { shirtSize: 'M', apiToken: 'abc' };
    const user = { externalId: 'u', state: 'ACTIVATED', orgId: 'o', record, custom } as const;
    expect(sampleUser(user)).toEqual({
      externalId: 'u',
      state: 'ACTIVATED',
      record: {
        email: 'ada@acme.test',
        phoneNumbers: [{ type: 'work', number: '1' }],
        attributes: [{ name: 'shirtSize', value: 'M' }],
        deep: { a: { b: { c: {} } } },
      },
      custom: { shirtSize: 'M' },
    });
  });
});
