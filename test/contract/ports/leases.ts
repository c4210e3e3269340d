import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores leases. */
export function describeLeases(open: OpenPorts<'leases'>): void {
  describe('the lease of a store', () => {
    let ports: Opened<'leases'>;
    beforeEach(async () => {
      ports = await open();
    });

    const lease = (holder: string) => ({ storeId: 's1', holder, ttlMs: 1000 });

    it('goes to one of many concurrent requests', async () => {
      const holders = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const answers = await Promise.all(
        holders.map((holder) => ports.leases.acquire(lease(holder))),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      const winner = holders[answers.indexOf(true)] ?? '';
      await expect(ports.leases.renew(lease(winner))).resolves.toBe(true);
    });

    it('is refused to others until it expires, then to its old holder', async () => {
      await expect(ports.leases.acquire(lease('a'))).resolves.toBe(true);
      ports.clock.advance(999);
      await expect(ports.leases.acquire(lease('b'))).resolves.toBe(false);
      ports.clock.advance(1);
      await expect(ports.leases.acquire(lease('b'))).resolves.toBe(true);
      await expect(ports.leases.renew(lease('a'))).resolves.toBe(false);
      await expect(ports.leases.acquire(lease('a'))).resolves.toBe(false);
    });

    it('is taken over by one of many once it has expired', async () => {
      await ports.leases.acquire(lease('gone'));
      ports.clock.advance(1000);
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd'].map((holder) => ports.leases.acquire(lease(holder))),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    it('can be acquired again by its holder, and then lasts longer', async () => {
      await ports.leases.acquire(lease('a'));
      ports.clock.advance(600);
      await expect(ports.leases.acquire(lease('a'))).resolves.toBe(true);
      ports.clock.advance(600);
      await expect(ports.leases.acquire(lease('b'))).resolves.toBe(false);
    });

    it('lasts longer when renewed', async () => {
      await ports.leases.acquire(lease('a'));
      ports.clock.advance(600);
      await expect(ports.leases.renew(lease('a'))).resolves.toBe(true);
      ports.clock.advance(600);
      await expect(ports.leases.acquire(lease('b'))).resolves.toBe(false);
    });

    it('is not created by renewing', async () => {
      await expect(ports.leases.renew(lease('a'))).resolves.toBe(false);
      await expect(ports.leases.acquire(lease('b'))).resolves.toBe(true);
    });

    it('is released only by its holder', async () => {
      await ports.leases.acquire(lease('a'));
      await ports.leases.release(lease('b'));
      await expect(ports.leases.acquire(lease('b'))).resolves.toBe(false);
      await ports.leases.release(lease('a'));
      await expect(ports.leases.acquire(lease('b'))).resolves.toBe(true);
    });

    it('of one store is independent of that of another', async () => {
      await ports.leases.acquire(lease('a'));
      await expect(ports.leases.acquire({ ...lease('b'), storeId: 's2' })).resolves.toBe(true);
    });
  });
}
