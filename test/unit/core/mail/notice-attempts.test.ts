import { judgeNotice, settledAt } from '../../../../src/core/mail/judge-notice.ts';
import { markFailed, markSending, newNotice } from '../../../../src/core/mail/notice-attempts.ts';
import type { Notice } from '../../../../src/core/model/notice.ts';
import { defaultNotifications } from '../../../../src/core/store-file/default-config.ts';
import { aConfig, aDomain, aMember, aStore } from '../../../builders/models.ts';

const now = new Date('2026-01-05T00:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const notice = newNotice(
  { id: 'n', kind: 'newcomer', memberId: 'm', storeId: 's', recordId: 'r', awaits: null },
  now,
);

describe('the tries of a notice', () => {
  it('are repeated for three days, then it is given up', () => {
    let tried = notice;
    let at = now;
    for (let count = 0; tried.nextAttemptAt !== null; count += 1) {
      expect(count).toBeLessThan(10);
      at = tried.nextAttemptAt;
      const failure = { error: 'answered 450', isFinal: false, now: at, random: 0 };
      tried = markFailed(markSending(tried, at), failure);
    }
    expect(tried).toMatchObject({ attempts: 9, lastError: 'answered 450' });
    expect(at.getTime() - now.getTime()).toBeGreaterThan(2.5 * 24 * 3_600_000);
  });

  it('end at once when the address is refused', () => {
    const failure = { error: 'answered 550', isFinal: true, now, random: 0 };
    expect(markFailed(markSending(notice, now), failure)).toMatchObject({ nextAttemptAt: null });
  });

  it('repeat a mail once after a process died with it, and never twice', () => {
    const first = markSending(notice, now);
    expect(first).toMatchObject({ unknownOutcomes: 0, sendingAt: now });
    const second = markSending(first, now);
    expect(second).toMatchObject({ unknownOutcomes: 1, sendingAt: now });
    expect(markSending(second, now)).toMatchObject({
      sendingAt: null,
      nextAttemptAt: null,
      lastError: expect.stringContaining('may have arrived twice'),
    });
  });
});

describe('whether a notice is sent', () => {
  const config = aConfig();
  const settings = {
    ...config.settings,
    notifications: { ...defaultNotifications, mail: 'notify' },
  };
  const store = aStore({ config: { ...config, settings: settings as typeof config.settings } });
  const member = aMember({ status: 'active', fields: { email: 'ada@acme.test' } });
  const domain = aDomain({ checkedAt: now });
  const facts = { member, store, record: null, domain, lastMove: null };

  it('depends on member, store and domain as they are now', () => {
    expect(judgeNotice(notice, facts, now)).toEqual({
      does: 'send',
      address: 'ada@acme.test',
      template: 'welcome',
    });
    const does = (parts: object) => judgeNotice(notice, { ...facts, ...parts }, now).does;
    expect(does({ member: null })).toBe('drop');
    expect(does({ member: { ...member, status: 'inactive' } })).toBe('drop');
    expect(does({ store: aStore() })).toBe('drop');
    expect(does({ store: null })).toBe('drop');
    expect(does({ domain: null })).toBe('wait');
    expect(does({ domain: aDomain({ status: 'lapsed' }) })).toBe('wait');
    expect(does({ domain: aDomain({ checkedAt: ago(2) }) })).toBe('check-domain');
    const late = new Date(now.getTime() + 14 * 24 * 3_600_000);
    expect(judgeNotice(notice, { ...facts, domain: null }, late).does).toBe('give-up');
  });

  it('waits a day after the address before was told that a run changed it', () => {
    const move = (parts: Partial<Notice>): Notice => ({
      ...notice,
      kind: 'address-changed',
      ...parts,
    });
    expect(settledAt(null, now)).toBeNull();
    expect(settledAt(move({ createdAt: ago(99) }), now)).toMatchObject({
      why: expect.stringContaining('was not told yet'),
    });
    expect(settledAt(move({ deliveredAt: ago(23) }), now)).not.toBeNull();
    expect(settledAt(move({ deliveredAt: ago(24) }), now)).toBeNull();
    const moved = { ...facts, lastMove: move({ deliveredAt: ago(1) }) };
    expect(judgeNotice(notice, moved, now)).toMatchObject({ does: 'wait' });
  });
});
