import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One origin in front of several JumpClouds, which are selected by API key: a worker knows only one host. */
export async function routeByKey(
  targets: readonly { readonly apiKey: string; readonly url: string }[],
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((near, answer) => {
    const target = targets.find(({ apiKey }) => apiKey === near.headers['x-api-key']);
    if (target === undefined) {
      answer.writeHead(401).end();
      return;
    }
    const { method, headers, url = '/' } = near;
    const far = ask(new URL(url, target.url), { ...(method && { method }), headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
      // A connection that breaks at the server breaks at the client too.
      got.on('error', () => answer.destroy());
    });
    far.on('error', () => answer.destroy());
    answer.on('close', () => far.destroy());
    near.pipe(far);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
