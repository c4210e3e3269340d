import type { ApiWorld } from './api-world.ts';

/** What an administrator does with domains and mail, by every route of theirs. */
export function describeMailRoutes(open: () => ApiWorld): void {
  const post = (path: string, body?: unknown) => open().ask('POST', path, { body });

  it('domains', async () => {
    const api = open();
    const added = await post('/domains', { domain: 'mail.test' });
    expect(added).toMatchObject({
      status: 201,
      json: { domain: 'mail.test', status: 'pending', record: { name: '_rollcall.mail.test' } },
    });
    expect((await post('/domains', { domain: 'MAIL.test' })).status).toBe(409);
    expect((await post('/domains/mail.test/verify')).json).toMatchObject({
      status: 'pending',
      problem: 'There is no TXT record at _rollcall.mail.test.',
    });
    const { name, value } = added.json['record'] as { name: string; value: string };
    api.world.txt.set(name, { kind: 'records', values: [value] });
    expect((await post('/domains/mail.test/verify')).json['status']).toBe('verified');
    expect((await api.get('/domains')).json.items).toMatchObject([{ domain: 'mail.test' }]);
    expect((await api.ask('DELETE', '/domains/mail.test')).status).toBe(204);
    expect((await api.ask('DELETE', '/domains/mail.test')).status).toBe(404);
  });

  it('a test of a channel of alerts', async () => {
    const tested = await post('/alerts/test', { channel: 'slack' });
    expect(tested.json).toEqual({ channel: 'slack', delivered: true, problem: null });
    expect((await post('/alerts/test', { channel: 'mail' })).status).toBe(400);
  });

  it('mails to members, and their texts', async () => {
    const api = open();
    const notice = { kind: 'newcomer', memberId: 'm', storeId: 's', awaits: null } as const;
    await api.world.notices.add([{ ...notice, id: 'n1', recordId: 'r' }]);
    const listed = await api.get('/mail/outbox?state=waiting');
    expect(listed.json.items).toMatchObject([{ id: 'n1', state: 'waiting', member: 'm' }]);
    expect((await api.get('/mail/templates')).json.items).toMatchObject([
      { kind: 'welcome', isDefault: true },
      { kind: 'address-changed', isDefault: true },
    ]);
    const path = '/mail/templates/welcome';
    const body = { subject: 'Hello {{name}}', text: 'Your address: {{email}}' };
    expect((await api.ask('PUT', path, { body })).json).toMatchObject({ isDefault: false });
    const wrong = { subject: 'Hi\r\nBcc: eve@evil.test', text: '{{password}}' };
    expect((await api.ask('PUT', path, { body: wrong })).status).toBe(400);
    expect((await post(`${path}/preview`, body)).json).toEqual({
      subject: 'Hello Ada Lovelace',
      text: 'Your address: ada@example.com',
    });
    expect((await api.ask('DELETE', path)).status).toBe(204);
    expect((await api.ask('DELETE', path)).status).toBe(404);
  });
}
