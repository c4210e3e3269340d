import type { Opened, OpenPorts } from './open-ports.ts';

const minuteMs = 60_000;

/** What every implementation guarantees, wherever it stores sessions. */
export function describeSessions(open: OpenPorts<'sessions'>): void {
  describe('sessions', () => {
    let ports: Opened<'sessions'>;
    beforeEach(async () => {
      ports = await open();
    });
    const token = { kind: 'token', id: 't1' } as const;
    const user = { kind: 'user', id: 'u1' } as const;
    const wait = (ms: number) => {
      ports.clock.nowMs += ms;
    };

    it('are found by their secret, until they are ended', async () => {
      const { session, secret } = await ports.sessions.begin({ holder: token });
      expect(session).toMatchObject({ holder: token, renewedAt: null, isRenewable: false });
      expect(session.id).not.toContain(secret);
      expect(await ports.sessions.bySecret(secret)).toEqual(session);
      expect(await ports.sessions.bySecret(`${secret}x`)).toBeNull();
      await ports.sessions.end(session.id);
      expect(await ports.sessions.bySecret(secret)).toBeNull();
      await ports.sessions.noteActivity(session);
      expect(await ports.sessions.get(session.id)).toBeNull();
    });

    it('are over after 30 minutes without a sign of their user, and after 12 hours', async () => {
      const { session } = await ports.sessions.begin({ holder: token });
      wait(29 * minuteMs);
      let current = await ports.sessions.noteActivity(session);
      wait(29 * minuteMs);
      expect(await ports.sessions.get(session.id)).toEqual(current);
      for (let passed = 58; passed < 11 * 60 + 50; passed += 20) {
        current = await ports.sessions.noteActivity(current);
        wait(20 * minuteMs);
      }
      expect(await ports.sessions.get(session.id)).not.toBeNull();
      await ports.sessions.noteActivity(current);
      wait(10 * minuteMs);
      expect(await ports.sessions.get(session.id)).toBeNull();
    });

    it('of a person end after an hour in which the provider said nothing', async () => {
      const { session } = await ports.sessions.begin({ holder: user, refreshToken: 'r1' });
      wait(20 * minuteMs);
      const active = await ports.sessions.noteActivity(session);
      wait(20 * minuteMs);
      await ports.sessions.noteActivity(active);
      wait(19 * minuteMs);
      expect(await ports.sessions.get(session.id)).not.toBeNull();
      wait(minuteMs);
      expect(await ports.sessions.get(session.id)).toBeNull();
    });

    it('give their refresh token to one caller, once it is due', async () => {
      const { session } = await ports.sessions.begin({ holder: user, refreshToken: 'r1' });
      expect(await ports.sessions.claimRenewal(session.id)).toBeNull();
      wait(15 * minuteMs);
      const claimed = await Promise.all([
        ports.sessions.claimRenewal(session.id),
        ports.sessions.claimRenewal(session.id),
      ]);
      expect(claimed.filter((one) => one !== null)).toEqual(['r1']);
      await ports.sessions.noteRenewal(session.id, { refreshToken: 'r2', isConfirmed: false });
      wait(minuteMs);
      expect(await ports.sessions.claimRenewal(session.id)).toBe('r2');
      await ports.sessions.noteRenewal(session.id, { refreshToken: null, isConfirmed: true });
      expect(await ports.sessions.claimRenewal(session.id)).toBeNull();
    });

    it('end together: of a holder, or of a session at the provider', async () => {
      const begin = (holder: typeof user | typeof token, sid: string | null) =>
        ports.sessions.begin({ holder, sid });
      await begin(user, 's1');
      await begin(user, 's2');
      await begin({ kind: 'token', id: 'u1' } as never, null);
      expect(await ports.sessions.countOf(['u1', 'u2'])).toEqual(new Map([['u1', 2]]));
      expect(await ports.sessions.endBySid('s1')).toBe(1);
      expect(await ports.sessions.endAllOf(user)).toBe(1);
      expect(await ports.sessions.endAllOf(user)).toBe(0);
    });

    it('take what may be used once, once', async () => {
      const until = new Date(ports.clock.nowMs + minuteMs);
      const used = ['a', 'a', 'b'].map((key) => ports.sessions.useOnce(key, until));
      expect((await Promise.all(used)).filter(Boolean)).toHaveLength(2);
    });
  });
}
