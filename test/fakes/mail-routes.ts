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
}
