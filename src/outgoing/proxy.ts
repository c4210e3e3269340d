import { adviceOn } from '../core/connection-advice.ts';

/** A proxy as a setting names it. */
export interface ProxyAddress {
  readonly url: URL;
  /** The setting, such as `HTTPS_PROXY`. */
  readonly setting: string;
}

/** Why a proxy did not pass a request on. The message names the proxy without its name and password. */
export class ProxyTrouble extends Error {
  override readonly name = 'ProxyTrouble';
  readonly code: 'PROXY' | 'PROXY_AUTH';

  constructor({ url, setting }: ProxyAddress, words: string, code: ProxyTrouble['code'] = 'PROXY') {
    super(`the proxy ${url.origin} (${setting}) ${words}`);
    this.code = code;
  }
}

/** The proxy was not reached, or broke off. */
export function unreachable(proxy: ProxyAddress, code: string): ProxyTrouble {
  return new ProxyTrouble(proxy, adviceOn(code) ?? `broke off the connection; ${code}`);
}

/** The proxy answered 407. */
export function unauthorized(proxy: ProxyAddress): ProxyTrouble {
  const { setting, url } = proxy;
  const words =
    url.username === '' && url.password === ''
      ? `asks for a name and password: put them in ${setting}`
      : `refuses the name and password in ${setting}`;
  return new ProxyTrouble(proxy, words, 'PROXY_AUTH');
}

/** What a proxy is asked with: its host, its port, and the name and password, decoded. */
export function partsOf({ url }: ProxyAddress): {
  readonly host: string;
  readonly port: number;
  readonly auth: { readonly username: string; readonly password: string } | null;
} {
  const [username, password] = [url.username, url.password].map(decodeURIComponent);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    auth: username || password ? { username: username ?? '', password: password ?? '' } : null,
  };
}
