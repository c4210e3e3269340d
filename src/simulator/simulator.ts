import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type ApiRequest, apiError } from './api/answer.ts';
import { answerControl, controlPrefix } from './control/control.ts';
import { deliver } from './deliver.ts';
import { World, type WorldOptions } from './world.ts';

export interface SimulatorOptions extends WorldOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
}

/** A running simulator: its world, served. */
export interface Simulator extends World {
  /** Its origin, such as `http://127.0.0.1:40123`: it replaces JumpCloud's console, and has `/_simulator/`. */
  readonly url: string;
  /** Stops it and breaks open connections. Closing twice does nothing more. */
  close(): Promise<void>;
}

/**
 * Starts a simulated JumpCloud: v1 and v2 of the API, client credentials, and a control interface
 * under `/_simulator/`. It behaves as JumpCloud is described and was measured to.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0 } = options;
  const world = new World(options);
  const server = createServer((request, response) => {
    void serve(request, response, world);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  return Object.assign(world, {
    url,
    close(): Promise<void> {
      if (!server.listening) return Promise.resolve();
      return new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      });
    },
  });
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  world: World,
): Promise<void> {
  // A signal for each request, so that no number of waiting requests is too many listeners for one.
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { signal } = gone;
  const url = new URL(`http://simulator${message.url ?? '/'}`);
  try {
    const request = await readRequest(message, url);
    if (url.pathname.startsWith(controlPrefix)) {
      await deliver(answerControl(request, world), { response, signal });
      return;
    }
    if (world.latencyMs > 0) await wait(world.latencyMs, undefined, { signal });
    await deliver(world.answer(request), { response, signal });
  } catch (error) {
    if (signal.aborted || response.destroyed) return;
    const failed = apiError(url.pathname, 500, `the simulator failed: ${String(error)}`);
    await deliver(failed, { response, signal });
  }
}

async function readRequest(message: IncomingMessage, url: URL): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: Buffer.concat(chunks).toString(),
  };
}
