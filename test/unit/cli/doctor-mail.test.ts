import { checkMail } from '../../../src/cli/checks/check-mail.ts';
import { aConfig, aDomain, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

describe('what doctor says of mail', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
    const config = aConfig();
    const settings = { ...config.settings, notifications: { mail: 'notify' as const } };
    world.stores.all.set('s', aStore({ id: 's', name: 'acme', config: { ...config, settings } }));
  });

  it('is nothing where no store sends any', async () => {
    world.stores.all.set('s', aStore({ id: 's' }));
    expect(await checkMail(world)).toEqual([]);
  });

  it('names what is missing', async () => {
    expect(await checkMail(world)).toMatchObject([
      { ok: false, message: 'acme sends mail to newcomers, and no domain is verified' },
    ]);
    world.notices.isSilent = true;
    expect(await checkMail(world)).toMatchObject([
      { ok: false, message: expect.stringContaining('no mail server is set') },
    ]);
  });

  it('counts what was not sent', async () => {
    world.domains.all.set('acme.test', aDomain());
    const notice = { kind: 'newcomer', memberId: 'm', storeId: 's', recordId: 'r' } as const;
    await world.notices.add([{ ...notice, id: 'n', awaits: null }]);
    expect(await checkMail(world)).toMatchObject([{ ok: true, message: '1 mail to be sent' }]);
    const [due] = await world.notices.due(world.clock.now(), 1);
    if (due !== undefined) await world.notices.save({ ...due, attempts: 9, nextAttemptAt: null });
    expect(await checkMail(world)).toMatchObject([
      { ok: false, message: '0 mails not sent yet, 1 mail given up' },
    ]);
  });
});
