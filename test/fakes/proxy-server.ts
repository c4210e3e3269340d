import { readFileSync } from 'node:fs';
import { createServer, request as forward, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** The certificate of localhost and 127.0.0.1 that the tests' own servers show; it signs itself. */
export const certificatePath = 'test/fixtures/tls/certificate.pem';
const tls = { cert: readFileSync(certificatePath), key: readFileSync('test/fixtures/tls/key.pem') };
export const ca = tls.cert;

export interface ProxyServer {
  readonly url: string;
  readonly host: string;
  /** What it was asked, in order: `CONNECT localhost:443` or `GET http://localhost/path`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

interface ProxyOptions {
  /** The only `name:password` that it serves. */
  readonly login?: string;
  /** Its own answer to everything, instead of passing requests on. */
  readonly answers?: { readonly status: number; readonly body?: string };
  /** It never answers. */
  readonly isSilent?: boolean;
  /** It speaks TLS itself. */
  readonly isSecure?: boolean;
}

/** A proxy on a free port that connects (CONNECT) and passes on requests in plain http. */
export async function startProxy(options: ProxyOptions = {}): Promise<ProxyServer> {
  const asked: string[] = [];
  const mayPass = (header = ''): boolean =>
    options.login === undefined ||
    header === `Basic ${Buffer.from(options.login).toString('base64')}`;
  const ownAnswer = (header?: string) =>
    options.answers ?? (mayPass(header) ? null : { status: 407, body: '' });
  const pass: RequestListener = (incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    asked.push(`${method} ${url}`);
    if (options.isSilent === true) return;
    const own = ownAnswer(headers['proxy-authorization']);
    if (own !== null) {
      response.writeHead(own.status, { 'content-type': 'application/json' }).end(own.body);
      return;
    }
    const { 'proxy-authorization': _left, ...others } = headers;
    const passed = forward(url, { method, headers: others }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.writeHead(502).end());
    incoming.pipe(passed);
  };
  const server = options.isSecure === true ? createSecureServer(tls, pass) : createServer(pass);
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    asked.push(`CONNECT ${url}`);
    client.on('error', () => undefined);
    if (options.isSilent === true) return;
    const own = ownAnswer(headers['proxy-authorization']);
    if (own !== null) {
      const { status, body = '' } = own;
      client.end(
        `HTTP/1.1 ${status} No\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const onward = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connected\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    onward.on('error', () => client.destroy());
    client.on('close', () => onward.destroy());
  });
  const { port, close } = await listen(server);
  const host = `127.0.0.1:${port}`;
  return { url: `http${options.isSecure === true ? 's' : ''}://${host}`, host, asked, close };
}

/** Puts TLS in front of a server that speaks plain http on this machine. */
export async function startTlsFront(plainUrl: string): Promise<{
  readonly url: string;
  close(): Promise<void>;
}> {
  const server = createTlsServer(tls, (client) => {
    const onward = connect(Number(new URL(plainUrl).port), '127.0.0.1');
    client.on('error', () => onward.destroy());
    onward.on('error', () => client.destroy());
    client.pipe(onward).pipe(client);
  });
  const { port, close } = await listen(server);
  return { url: `https://localhost:${port}`, close };
}

async function listen(server: Server) {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
