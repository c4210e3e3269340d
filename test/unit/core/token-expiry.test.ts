import { expiringOf, hasExpired, needsReplacing } from '../../../src/core/token-expiry.ts';
import { aToken } from '../../builders/models.ts';

const day = 24 * 3600 * 1000;
const createdAt = new Date('2026-01-01T00:00:00Z');
const onDay = (days: number) => new Date(createdAt.getTime() + days * day);

describe('a token that expires', () => {
  it('works until then, and not at that moment', () => {
    const token = { expiresAt: onDay(90) };
    expect(hasExpired(token, new Date(onDay(90).getTime() - 1))).toBe(false);
    expect(hasExpired(token, onDay(90))).toBe(true);
    expect(hasExpired({ expiresAt: null }, onDay(90_000))).toBe(false);
  });

  it.each([
    { life: 90, from: 76, what: 'for its last 14 days' },
    { life: 20, from: 15, what: 'for the last quarter of a short life' },
  ])('is to be replaced $what', ({ life, from }) => {
    const token = { createdAt, expiresAt: onDay(life) };
    expect(needsReplacing(token, onDay(from - 0.1))).toBe(false);
    expect(needsReplacing(token, onDay(from))).toBe(true);
    expect(needsReplacing(token, onDay(life + 100))).toBe(true);
  });

  it('is listed with its store or its name', () => {
    const scim = { id: 's', storeId: 'store1', createdAt, expiresAt: onDay(90) };
    const access = [aToken({ id: 'a', createdAt, expiresAt: onDay(90) }), aToken({ id: 'ever' })];
    expect(expiringOf({ access, scim: [scim] }, onDay(80))).toEqual([
      { id: 'a', name: 'ops', role: 'viewer', storeId: null, expiresAt: onDay(90) },
      { id: 's', name: null, role: null, storeId: 'store1', expiresAt: onDay(90) },
    ]);
    expect(expiringOf({ access, scim: [scim] }, onDay(10))).toEqual([]);
  });
});
