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

    it('are not prolonged by a later one with a longer overlap', async () => {
      const first = await ports.scimTokens.issue('s1', 0);
      await ports.scimTokens.issue('s1', 1000);
      await ports.scimTokens.issue('s1', 5000);
      ports.clock.advance(1000);
      await expect(ports.scimTokens.storeOf(first)).resolves.toBeNull();
    });
  });
}
