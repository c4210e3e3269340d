import { type ClientRequest, request as httpRequest } from 'node:http';
import { Agent, type AgentOptions, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { type ProxyAddress, ProxyTrouble, partsOf, unauthorized, unreachable } from './proxy.ts';

/** How long a proxy may take to connect. The time limit of a request can be shorter. */
const connectMs = 30_000;

/**
 * Connects to https hosts through a proxy (CONNECT). TLS is spoken with the host, so the proxy can't read requests and
 * can't answer them: whatever it says itself fails the connection as `ProxyTrouble`.
 */
export class TunnelAgent extends Agent {
  readonly #proxy: ProxyAddress;

  constructor(proxy: ProxyAddress, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const done = callback as (error: Error | null, stream?: Duplex) => void;
    openTunnel(this.#proxy, options, this.options.ca).then(
      (socket) => done(null, connectTls({ ...(options as object), socket })),
      (error: Error) => done(error),
    );
  }
}

/** `ca` are the certificates that sign the proxy's own, as they sign those of hosts. */
function openTunnel(
  proxy: ProxyAddress,
  { host, port }: RequestOptions,
  ca: AgentOptions['ca'],
): Promise<Socket> {
  const { auth, ...address } = partsOf(proxy);
  const target = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
  const request: ClientRequest = (proxy.url.protocol === 'https:' ? httpsRequest : httpRequest)({
    ...address,
    ...(ca !== undefined && { ca }),
    method: 'CONNECT',
    path: target,
    headers: {
      host: target,
      connection: 'keep-alive',
      ...(auth !== null && { 'proxy-authorization': basic(auth) }),
    },
    agent: false,
    timeout: connectMs,
  });
  return new Promise((resolve, reject) => {
    // The time limit of the request keeps the process alive; a proxy that does not answer must not.
    request.once('socket', (socket) => socket.unref());
    request.once('connect', ({ statusCode = 0 }, socket) => {
      socket.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(
        statusCode === 407
          ? unauthorized(proxy)
          : new ProxyTrouble(proxy, `answered ${statusCode} when asked to connect`),
      );
    });
    request.once('timeout', () => {
      request.destroy();
      reject(new ProxyTrouble(proxy, `did not connect within ${connectMs / 1000} s`));
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      reject(unreachable(proxy, error.code ?? 'unknown reason'));
    });
    request.end();
  });
}

function basic({ username, password }: { readonly username: string; readonly password: string }) {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
