import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores people. */
export function describePeople(open: OpenPorts<'people'>): void {
  describe('people who signed in', () => {
    let ports: Opened<'people'>;
    beforeEach(async () => {
      ports = await open();
    });
    const claims = { address: 'Ada@acme.test', isVerified: true, name: 'Ada', groups: ['it'] };
    const ada = { issuer: 'https://idp.test', sub: 'a1', claims };

    it('are known by issuer and subject, whatever their address', async () => {
      const first = await ports.people.signIn(ada);
      expect(first).toMatchObject({ ...claims, createdAt: startedAt, signedInAt: startedAt });
      const renamed = { ...claims, address: null, name: null, groups: [] };
      const again = await ports.people.signIn({ ...ada, claims: renamed });
      expect(again).toMatchObject({ id: first.id, ...renamed });
      const other = await ports.people.signIn({ ...ada, issuer: 'https://other.test' });
      expect(other.id).not.toBe(first.id);
      expect(await ports.people.bySubject('https://idp.test', 'a1')).toEqual(again);
      expect(await ports.people.bySubject('https://idp.test', 'a2')).toBeNull();
    });

    it('are found by any spelling of their address, and removed', async () => {
      const { id } = await ports.people.signIn(ada);
      expect((await ports.people.withAddress('ada@ACME.test')).map((one) => one.id)).toEqual([id]);
      expect(await ports.people.withAddress('bob@acme.test')).toEqual([]);
      await ports.people.renew(id, { ...claims, address: 'new@acme.test' });
      expect(await ports.people.withAddress('ada@acme.test')).toEqual([]);
      await ports.people.remove(id);
      expect(await ports.people.get(id)).toBeNull();
    });

    it('have no role without a list that fits', async () => {
      expect((await ports.people.signIn(ada)).role).toBeNull();
    });

    it('are listed in pages', async () => {
      const ids: string[] = [];
      for (const sub of ['a', 'b', 'c']) ids.push((await ports.people.signIn({ ...ada, sub })).id);
      const first = await ports.people.list({ limit: 2 });
      const rest = await ports.people.list({ limit: 2, after: first[1]?.id });
      expect([...first, ...rest].map(({ id }) => id)).toEqual(ids);
    });
  });
}
