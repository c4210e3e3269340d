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
      await expect(ports.scimTokens.storeOf(secret)).resolves.toBe('s1');
      await expect(ports.scimTokens.storeOf(other)).resolves.toBe('s2');
    });

    it.each(['', 'rcs_', 'rcs_wrong', 'no-prefix'])('are not found by %j', async (secret) => {
      await ports.scimTokens.issue('s1', 0);
      await expect(ports.scimTokens.storeOf(secret)).resolves.toBeNull();
    });

    it('end at once when another is issued', async () => {
      const [first, other] = [
        await ports.scimTokens.issue('s1', 0),
        await ports.scimTokens.issue('s2', 0),
      ];
      const second = await ports.scimTokens.issue('s1', 0);
      await expect(ports.scimTokens.storeOf(first)).resolves.toBeNull();
      await expect(ports.scimTokens.storeOf(second)).resolves.toBe('s1');
      await expect(ports.scimTokens.storeOf(other)).resolves.toBe('s2');
    });

    it('end after the requested overlap', async () => {
      const first = await ports.scimTokens.issue('s1', 0);
      const second = await ports.scimTokens.issue('s1', 1000);
      ports.clock.advance(999);
      await expect(ports.scimTokens.storeOf(first)).resolves.toBe('s1');
      ports.clock.advance(1);
      await expect(ports.scimTokens.storeOf(first)).resolves.toBeNull();
      await expect(ports.scimTokens.storeOf(second)).resolves.toBe('s1');
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
          const stores = await Promise.all(secrets.map((each) => ports.scimTokens.storeOf(each)));
          expect(stores.filter((store) => store === 's1')).toHaveLength(1);
          await expect(ports.scimTokens.storeOf(before)).resolves.toBeNull();
        }
      },
    );

    it('are not prolonged by a later one with a longer overlap', async () => {
      const first = await ports.scimTokens.issue('s1', 0);
      await ports.scimTokens.issue('s1', 1000);
      await ports.scimTokens.issue('s1', 5000);
      ports.clock.advance(1000);
      await expect(ports.scimTokens.storeOf(first)).resolves.toBeNull();
    });
  });
}
