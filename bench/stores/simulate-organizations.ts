/*
 * Many small JumpClouds and a large one in one process, told apart by the API key `org-N`; made when first asked for.
 *   tsx bench/stores/simulate-organizations.ts USERS USERS-OF-ORG-0 LATENCY-MS
 * Prints its URL, and stops when its standard input ends.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { deliver } from '../../src/simulator/deliver.ts';
import { World } from '../../src/simulator/world.ts';
import { organizationOf } from './organization.ts';

const [users = 100, largeUsers = 0, latencyMs = 0] = process.argv.slice(2).map(Number);
const worlds = new Map<string, World>();
const forever = new AbortController().signal;

function worldOf(apiKey: string): World {
  const found = worlds.get(apiKey);
  if (found !== undefined) return found;
  const number = Number(apiKey.replace('org-', ''));
  const world = new World({
    users: number === 0 ? largeUsers : users,
    groups: 0,
    seed: number + 1,
    apiKey,
    organization: organizationOf(number),
  });
  worlds.set(apiKey, world);
  return world;
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

if (largeUsers > 0) worldOf('org-0');
const server = createServer((message, response) => {
  const { pathname: path, searchParams: query } = new URL(`http://simulator${message.url ?? '/'}`);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
  );
  void bodyOf(message)
    .then(async (body) => {
      if (latencyMs > 0) await wait(latencyMs);
      const request = { method: message.method ?? 'GET', path, query, headers, body };
      return deliver(worldOf(headers['x-api-key'] ?? '').answer(request), {
        response,
        signal: forever,
      });
    })
    .catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
