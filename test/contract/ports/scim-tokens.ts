import { Conflict } from '../../../src/core/errors.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores SCIM tokens. */
export function describeScimTokens(open: OpenPorts<'scimTokens'>): void {
  describe('the SCIM tokens', () => {
    let ports: Opened<'scimTokens'>;
    beforeEach(async () => {
      ports = await open();
    });

    it('allow pushing into their store', async () => {
      const secret = await ports.scimTokens.issue('s1', 0);
      const other = await ports.scimTokens.issue('s2', 0);
      await expect(ports.scimTokens.bySecret(secret)).resolves.toMatchObject({ storeId: 's1' });
      await expect(ports.scimTokens.bySecret(other)).resolves.toMatchObject({ storeId: 's2' });
    });

    it.each(['', 'rcs_', 'rcs_wrong', 'no-prefix'])('are not found by %j', async (secret) => {
      await ports.scimTokens.issue('s1', 0);
      await expect(ports.scimTokens.bySecret(secret)).resolves.toBeNull();
    });

    it('end at once when another is issued', async () => {
      const [first, other] = [
        await ports.scimTokens.issue('s1', 0),
        await ports.scimTokens.issue('s2', 0),
      ];
      const second = await ports.scimTokens.issue('s1', 0);
      await expect(ports.scimTokens.bySecret(first)).resolves.toBeNull();
      await expect(ports.scimTokens.bySecret(second)).resolves.toMatchObject({ storeId: 's1' });
      await expect(ports.scimTokens.bySecret(other)).resolves.toMatchObject({ storeId: 's2' });
    });

    it('end after the requested overlap', async () => {
      const first = await ports.scimTokens.issue('s1', 0);
      const second = await ports.scimTokens.issue('s1', 1000);
      ports.clock.advance(999);
      await expect(ports.scimTokens.bySecret(first)).resolves.toMatchObject({ storeId: 's1' });
      ports.clock.advance(1);
      await expect(ports.scimTokens.bySecret(first)).resolves.toBeNull();
      await expect(ports.scimTokens.bySecret(second)).resolves.toMatchObject({ storeId: 's1' });
    });

    it.each([0, 1000])(
      'leave one that works when several are issued at once, with an overlap of %i ms',
      async (overlapMs) => {
        for (let round = 0; round < 5; round += 1) {
          const before = await ports.scimTokens.issue('s1', 0);
          const issued = await Promise.allSettled(
            Array.from({ length: 8 }, () => ports.scimTokens.issue('s1', overlapMs)),
          );
          const secrets: string[] = [];
          for (const each of issued) {
            if (each.status === 'fulfilled') secrets.push(each.value);
            else expect(each.reason).toBeInstanceOf(Conflict);
          }
          ports.clock.advance(overlapMs);
          const stores = await Promise.all(secrets.map((each) => ports.scimTokens.bySecret(each)));
          expect(stores.filter((token) => token?.storeId === 's1')).toHaveLength(1);
          await expect(ports.scimTokens.bySecret(before)).resolves.toBeNull();
        }
      },
    );

    it('keep when they expire, and list the newest one of a store', async () => {
      const expiresAt = new Date(ports.clock.now().getTime() + 1000);
      const first = await ports.scimTokens.issue('s1', 0, expiresAt);
      ports.clock.advance(2000);
      await expect(ports.scimTokens.bySecret(first)).resolves.toMatchObject({ expiresAt });
      await expect(ports.scimTokens.list('s1')).resolves.toMatchObject([{ expiresAt }]);
      const second = await ports.scimTokens.issue('s1', 60_000);
      await ports.scimTokens.issue('s2', 0);
      const found = await ports.scimTokens.bySecret(second);
      expect(found?.expiresAt).toBeNull();
      await expect(ports.scimTokens.list('s1')).resolves.toEqual([found]);
      await expect(ports.scimTokens.list()).resolves.toHaveLength(2);
    });

    it('are not prolonged by a later one with a longer overlap', async () => {
      const first = await ports.scimTokens.issue('s1', 0);
      await ports.scimTokens.issue('s1', 1000);
      await ports.scimTokens.issue('s1', 5000);
      ports.clock.advance(1000);
      await expect(ports.scimTokens.bySecret(first)).resolves.toBeNull();
    });
  });
}
