import { Agent as HttpAgent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { AxiosError, AxiosProxyConfig, AxiosRequestConfig } from 'axios';
import { isBypassed } from './no-proxy.ts';
import { type ProxyAddress, ProxyTrouble, partsOf, unauthorized, unreachable } from './proxy.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** The proxies of an installation: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, checked. */
export interface ProxySettings {
  readonly https: string | undefined;
  readonly http: string | undefined;
  /** The hosts that no proxy is used for. */
  readonly except: string;
}

/** How requests to one host leave this process. */
export interface Way {
  /** The proxy they go through, without its name and password; null when they go straight to the host. */
  readonly proxy: string | null;
  /** True where the proxy gets the requests themselves, which are plain http: an answer may then be its own. */
  readonly isRelayed: boolean;
  readonly request: Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent' | 'proxy'>;
  /** What the proxy did to a request that failed with this error; null when it was not the proxy. */
  troubleIn(error: unknown): ProxyTrouble | null;
  /** What an answer with this status says of the proxy; null when it is the host's answer. */
  troubleAt(status: number): ProxyTrouble | null;
}

export type WayTo = (url: string) => Way;

/** Returns the way to each address. Addresses that share a way share its connections. */
export function createWays(settings: ProxySettings, options: AgentOptions): WayTo {
  const direct = goDirectly(options);
  const [https, http] = [
    proxyOf('HTTPS_PROXY', settings.https),
    proxyOf('HTTP_PROXY', settings.http),
  ];
  const overTls = https === null ? direct : tunnelThrough(https, options);
  const plain = http === null ? direct : relayBy(http, options);
  return (text) => {
    const url = new URL(text);
    if (isBypassed(settings.except, url)) return direct;
    return url.protocol === 'https:' ? overTls : plain;
  };
}

function proxyOf(setting: string, url: string | undefined): ProxyAddress | null {
  return url === undefined ? null : { url: new URL(url), setting };
}

/** The way to every host without a proxy. */
export function goDirectly(options: AgentOptions): Way {
  return {
    proxy: null,
    isRelayed: false,
    request: {
      httpAgent: new HttpAgent(options),
      httpsAgent: new HttpsAgent(options),
      proxy: false,
    },
    troubleIn: () => null,
    troubleAt: () => null,
  };
}

function tunnelThrough(proxy: ProxyAddress, options: AgentOptions): Way {
  return {
    proxy: proxy.url.origin,
    isRelayed: false,
    request: { httpsAgent: new TunnelAgent(proxy, options), proxy: false },
    troubleIn: (error) => {
      const { cause } = error as AxiosError;
      return cause instanceof ProxyTrouble ? cause : null;
    },
    troubleAt: () => null,
  };
}

/** Every connection is one to the proxy, and 407 its own answer. */
function relayBy(proxy: ProxyAddress, options: AgentOptions): Way {
  const { auth, ...address } = partsOf(proxy);
  const target: AxiosProxyConfig = {
    ...address,
    protocol: proxy.url.protocol,
    ...(auth !== null && { auth }),
  };
  return {
    proxy: proxy.url.origin,
    isRelayed: true,
    request: {
      httpAgent: new HttpAgent(options),
      httpsAgent: new HttpsAgent(options),
      proxy: target,
    },
    troubleIn: (error) => unreachable(proxy, (error as AxiosError).code ?? 'unknown reason'),
    troubleAt: (status) => (status === 407 ? unauthorized(proxy) : null),
  };
}
