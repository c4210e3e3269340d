import { Conflict } from '../../../src/core/errors.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores tokens. */
export function describeTokens(open: OpenPorts<'tokens'>): void {
  describe('access tokens', () => {
    let ports: Opened<'tokens'>;
    beforeEach(async () => {
      ports = await open();
    });

    const ops = { name: 'ops', role: 'viewer' } as const;

    it('are found by their secret', async () => {
      const { token, secret } = await ports.tokens.create(ops);
      const made = { id: token.id, createdAt: startedAt, lastUsedAt: null, expiresAt: null };
      expect(token).toEqual({ ...ops, ...made });
      await expect(ports.tokens.bySecret(secret)).resolves.toMatchObject({ id: token.id });
    });

    it.each(['', 'rc_', 'rc_wrong', 'no-prefix'])('are not found by %j', async (secret) => {
      await ports.tokens.create(ops);
      await expect(ports.tokens.bySecret(secret)).resolves.toBeNull();
    });

    it('are read by id, without their secret', async () => {
      const { token } = await ports.tokens.create(ops);
      await expect(ports.tokens.get(token.id)).resolves.toEqual(token);
      await expect(ports.tokens.list()).resolves.toEqual([token]);
      await expect(ports.tokens.get('unknown')).resolves.toBeNull();
    });

    it('have unique names, also when two are created at once', async () => {
      const both = await Promise.allSettled([ports.tokens.create(ops), ports.tokens.create(ops)]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const third = ports.tokens.create(ops);
      await expect(third).rejects.toBeInstanceOf(Conflict);
      await expect(third).rejects.toThrow("There is a token named 'ops' already.");
    });

    it('are listed by name', async () => {
      for (const name of ['b', 'a', 'c']) await ports.tokens.create({ name, role: 'admin' });
      const names = (await ports.tokens.list()).map(({ name }) => name);
      expect(names).toEqual(['a', 'b', 'c']);
    });

    it('store their last use, to the minute', async () => {
      const { token, secret } = await ports.tokens.create(ops);
      const lastUsed = async () => (await ports.tokens.get(token.id))?.lastUsedAt;
      await ports.tokens.bySecret(secret);
      ports.clock.advance(59_999);
      await ports.tokens.bySecret(secret);
      await expect(lastUsed()).resolves.toEqual(startedAt);
      ports.clock.advance(1);
      const found = await ports.tokens.bySecret(secret);
      expect(found?.lastUsedAt).toEqual(new Date(startedAt.getTime() + 60_000));
      await expect(lastUsed()).resolves.toEqual(found?.lastUsedAt);
    });

    it('keep when they expire, and are found afterwards', async () => {
      const expiresAt = new Date(startedAt.getTime() + 1000);
      const { token, secret } = await ports.tokens.create({ ...ops, expiresAt });
      ports.clock.advance(2000);
      expect(token.expiresAt).toEqual(expiresAt);
      await expect(ports.tokens.bySecret(secret)).resolves.toMatchObject({ expiresAt });
      await expect(ports.tokens.get(token.id)).resolves.toMatchObject({ expiresAt });
      const { token: other } = await ports.tokens.create({ name: 'ever', role: 'viewer' });
      expect(other.expiresAt).toBeNull();
    });

    it('are not found once revoked', async () => {
      const { token, secret } = await ports.tokens.create(ops);
      await expect(ports.tokens.revoke(token.id)).resolves.toBe(true);
      await expect(ports.tokens.revoke(token.id)).resolves.toBe(false);
      await expect(ports.tokens.bySecret(secret)).resolves.toBeNull();
    });
  });
}
