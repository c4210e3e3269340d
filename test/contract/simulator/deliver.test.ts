import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { json } from '../../../src/simulator/api/answer.ts';
import { deliver } from '../../../src/simulator/deliver.ts';

const text = 'x'.repeat(1000);

function slowly(overMs: number) {
  return { ...json(200, { text }), delivery: { overMs } };
}

describe('an answer that is sent slowly', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is sent in pieces that make up the whole', async () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    const written: string[] = [];
    jest.spyOn(response, 'write').mockImplementation((piece: unknown) => {
      written.push(String(piece));
      return true;
    });
    await deliver(slowly(1), { response, signal: new AbortController().signal });
    expect(written.length).toBeGreaterThan(10);
    expect(JSON.parse(written.join(''))).toEqual({ text });
    expect(response.writableEnded).toBe(true);
  });

  it('is given up when its connection is closed', async () => {
    const [client, connection] = [new AbortController(), new AbortController()];
    const server = createServer();
    servers.push(server);
    const sent = new Promise<unknown>((resolve) => {
      server.on('request', (_request, response) => {
        const { signal } = connection;
        deliver(slowly(900_000_000), { response, signal }).then(resolve, resolve);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}`, { signal: client.signal })).status).toBe(200);
    connection.abort();
    expect(await sent).toMatchObject({ name: 'AbortError' });
    client.abort();
  });
});
