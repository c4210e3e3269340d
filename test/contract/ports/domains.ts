import { Conflict } from '../../../src/core/errors.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores domains. */
export function describeDomains(open: OpenPorts<'domains'>): void {
  describe('the domains for mail', () => {
    let ports: Opened<'domains'>;
    beforeEach(async () => {
      ports = await open();
    });

    it('are pending when they are added, and listed by name', async () => {
      await ports.domains.add({ id: 'b.test', token: 'tb' });
      const added = await ports.domains.add({ id: 'a.test', token: 'ta' });
      expect(added).toEqual({
        id: 'a.test',
        token: 'ta',
        status: 'pending',
        createdAt: startedAt,
        verifiedAt: null,
        checkedAt: null,
        confirmedAt: null,
        failures: 0,
        problem: null,
        revision: 1,
      });
      expect((await ports.domains.list()).map(({ id }) => id)).toEqual(['a.test', 'b.test']);
      expect(await ports.domains.get('a.test')).toEqual(added);
      expect(await ports.domains.get('c.test')).toBeNull();
    });

    it('are added once, and keep their token', async () => {
      await ports.domains.add({ id: 'a.test', token: 'ta' });
      await expect(ports.domains.add({ id: 'a.test', token: 'other' })).rejects.toThrow(Conflict);
      expect(await ports.domains.get('a.test')).toMatchObject({ token: 'ta' });
    });

    it('are saved by one of two that read the same', async () => {
      const domain = await ports.domains.add({ id: 'a.test', token: 'ta' });
      const verified = { ...domain, status: 'verified', verifiedAt: startedAt } as const;
      expect(await ports.domains.save(verified)).toBe(true);
      expect(await ports.domains.save({ ...domain, failures: 1 })).toBe(false);
      expect(await ports.domains.get('a.test')).toEqual({ ...verified, revision: 2 });
    });

    it('are not saved over a domain that was removed and added again', async () => {
      const domain = await ports.domains.add({ id: 'a.test', token: 'ta' });
      expect(await ports.domains.remove('a.test')).toBe(true);
      expect(await ports.domains.remove('a.test')).toBe(false);
      expect(await ports.domains.save(domain)).toBe(false);
      await ports.domains.add({ id: 'a.test', token: 'new' });
      expect(await ports.domains.save({ ...domain, status: 'verified' })).toBe(false);
      expect(await ports.domains.get('a.test')).toMatchObject({ token: 'new', status: 'pending' });
    });
  });
}
