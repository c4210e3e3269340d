import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Tampering {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signedBy?: 'none' | 'stranger';
}

/** A real provider of OpenID Connect in a process of its own. */
export interface TestProvider {
  readonly issuer: string;
  /** Replaces the accounts, by their subjects. */
  setAccounts(accounts: Readonly<Record<string, object>>): Promise<void>;
  /** Changes the ID tokens from now on; null: they are right. */
  tamper(how: Tampering | null): Promise<void>;
  /** A token of these claims, signed by the provider. */
  sign(claims: object, signedBy?: Tampering['signedBy']): Promise<string>;
  /** Signs in by a start at the provider, and returns where the browser is sent then. */
  signIn(start: string, account: string): Promise<string>;
  stop(): Promise<void>;
}

export const clientId = 'rollcall';
export const clientSecret = 'client-secret';

export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const script = join(__dirname, '../setup/identity-provider.mjs');
  const child: ChildProcess = fork(script, [redirectUri], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const { issuer } = JSON.parse(String(line)) as { issuer: string };
  const post = async (path: string, body: object) =>
    (await fetch(issuer + path, { method: 'POST', body: JSON.stringify(body) })).text();
  return {
    issuer,
    async setAccounts(accounts) {
      await post('/test', { accounts });
    },
    async tamper(how) {
      await post('/test', { tamper: how });
    },
    sign: (claims, signedBy) => post('/test/token', { claims, signedBy }),
    async signIn(start, account) {
      const jar = new Map<string, string>();
      let next = { url: start, init: {} as RequestInit };
      for (let step = 0; step < 10; step += 1) {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await fetch(next.url, {
          ...next.init,
          headers: { cookie },
          redirect: 'manual',
        });
        for (const set of answer.headers.getSetCookie()) {
          const [pair = ''] = set.split(';');
          jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        await answer.text();
        const location = answer.headers.get('location');
        if (location?.startsWith(redirectUri)) return location;
        next =
          location === null
            ? { url: next.url, init: { method: 'POST', body: new URLSearchParams({ account }) } }
            : { url: new URL(location, issuer).href, init: {} };
      }
      throw new Error(`The provider did not send ${account} back.`);
    },
    async stop() {
      const left = once(child, 'exit');
      child.disconnect();
      await left;
    },
  };
}
