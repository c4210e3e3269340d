import { markDelivered, markSending } from '../../../src/core/mail/notice-attempts.ts';
import type { NewNotice } from '../../../src/core/model/notice.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

const aNotice = (memberId: string, parts: Partial<NewNotice> = {}): NewNotice => ({
  id: `newcomer_${memberId}_r1`,
  kind: 'newcomer',
  memberId,
  storeId: 'store1',
  recordId: `r1.${memberId}`,
  awaits: null,
  ...parts,
});

/** What every implementation guarantees, wherever it stores notices and templates. */
export function describeNotices(open: OpenPorts<'notices' | 'mailTemplates'>): void {
  describe('the outbox of mails to members', () => {
    let ports: Opened<'notices' | 'mailTemplates'>;
    beforeEach(async () => {
      ports = await open();
    });

    const due = () => ports.notices.due(ports.clock.now(), 10);
    const dueIds = async () => (await due()).map(({ id }) => id);

    it('has a notice due at once, and once, whichever process adds it and whatever its state', async () => {
      await Promise.all([ports.notices.add([aNotice('a')]), ports.notices.add([aNotice('a')])]);
      const [notice, ...others] = await due();
      expect(others).toEqual([]);
      expect(notice).toMatchObject({ createdAt: startedAt, attempts: 0, unknownOutcomes: 0 });
      if (notice === undefined) return;
      const sent = markDelivered(markSending(notice, startedAt), startedAt);
      await ports.notices.save(sent);
      await ports.notices.add([aNotice('a'), aNotice('b')]);
      expect(await dueIds()).toEqual(['newcomer_b_r1']);
      expect(await ports.notices.get(notice.id)).toEqual(sent);
      expect(await ports.notices.deliveredSince(startedAt)).toBe(1);
      expect(await ports.notices.deliveredSince(new Date(startedAt.getTime() + 1))).toBe(0);
    });

    it('keeps a notice that awaits the activation of its member until then', async () => {
      const awaits = 'activation';
      await ports.notices.add([aNotice('a', { awaits }), aNotice('b', { awaits }), aNotice('c')]);
      expect(await dueIds()).toEqual(['newcomer_c_r1']);
      expect(await ports.notices.get('newcomer_a_r1')).toMatchObject({ expireAt: null });
      ports.clock.advance(1000);
      await ports.notices.activate(['a', 'c', 'nobody'], 'send');
      await ports.notices.activate(['a'], 'drop');
      await ports.notices.activate(['b'], 'drop');
      expect(await dueIds()).toEqual(['newcomer_c_r1', 'newcomer_a_r1']);
      const activated = await ports.notices.get('newcomer_a_r1');
      expect(activated).toMatchObject({ awaits: null, expireAt: expect.any(Date) });
      expect(await ports.notices.get('newcomer_b_r1')).toBeNull();
    });

    it('forgets members, and saves nothing that is gone', async () => {
      await ports.notices.add([aNotice('a'), aNotice('b'), aNotice('b', { id: 'x' })]);
      const [notice] = (await due()).filter(({ memberId }) => memberId === 'b');
      await ports.notices.forget(['b']);
      if (notice !== undefined) await ports.notices.save(notice);
      expect(await dueIds()).toEqual(['newcomer_a_r1']);
      await ports.notices.drop('newcomer_a_r1');
      expect(await due()).toEqual([]);
    });

    it('knows the newest change of an address', async () => {
      const kind = 'address-changed';
      expect(await ports.notices.lastMove('a')).toBeNull();
      await ports.notices.add([aNotice('a', { id: 'm1', kind }), aNotice('a')]);
      ports.clock.advance(1000);
      await ports.notices.add([aNotice('a', { id: 'm2', kind }), aNotice('b', { id: 'm3', kind })]);
      expect(await ports.notices.lastMove('a')).toMatchObject({ id: 'm2' });
    });

    it('lists and counts by state, newest first', async () => {
      await ports.notices.add([aNotice('a'), aNotice('b'), aNotice('c', { awaits: 'activation' })]);
      ports.clock.advance(1000);
      await ports.notices.add([aNotice('d')]);
      const [a, b] = await due();
      if (a === undefined || b === undefined) throw new Error('two are due');
      await ports.notices.save({ ...a, attempts: 1, lastError: 'answered 450' });
      await ports.notices.save({ ...b, attempts: 9, nextAttemptAt: null });
      expect(await ports.notices.summary()).toEqual({ waiting: 1, failing: 1, givenUp: 1 });
      const list = async (state?: 'awaiting' | 'failing' | 'given-up' | 'waiting' | 'delivered') =>
        (await ports.notices.list({ state, limit: 10 })).map(({ memberId }) => memberId);
      expect(await list()).toEqual(['d', 'a', 'b', 'c']);
      expect(await list('awaiting')).toEqual(['c']);
      expect(await list('failing')).toEqual([a.memberId]);
      expect(await list('given-up')).toEqual([b.memberId]);
      expect(await list('waiting')).toEqual(['d']);
      expect(await list('delivered')).toEqual([]);
      expect(await ports.notices.list({ limit: 1 })).toHaveLength(1);
    });
  });

  describe('the templates of mails', () => {
    it('replace the default until they are removed', async () => {
      const { mailTemplates, clock } = await open();
      expect(await mailTemplates.get('welcome')).toBeNull();
      const template = { kind: 'welcome', subject: 'Hi', text: 'There', by: 'cli:ada' } as const;
      await mailTemplates.put({ ...template, subject: 'Hello' });
      clock.advance(1000);
      const stored = await mailTemplates.put(template);
      expect(stored).toEqual({ ...template, updatedAt: clock.now() });
      expect(await mailTemplates.get('welcome')).toEqual(stored);
      expect(await mailTemplates.list()).toEqual([stored]);
      expect(await mailTemplates.remove('welcome')).toBe(true);
      expect(await mailTemplates.remove('welcome')).toBe(false);
    });
  });
}
