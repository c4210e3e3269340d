import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

interface Request {
  readonly url: string;
  readonly method: string;
  readonly token?: string;
  readonly body: object;
}

export interface Client {
  /** Returns the id of the answered resource; empty for an answer without one. */
  readonly ask: (request: Request) => Promise<string>;
  readonly close: () => void;
}

/** Keeps as many connections as it has requests under way. */
export function openClient(atOnce: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  return {
    async ask(asked) {
      for (;;) {
        const { status, text } = await send(agent, asked);
        if (status < 300) return text === '' ? '' : (JSON.parse(text) as { id: string }).id;
        if (status !== 429) throw new Error(`${asked.method} ${asked.url}: ${status} ${text}`);
        // A store takes 500 requests a second and asks to wait a second beyond them.
        await wait(1000);
      }
    },
    close: () => agent.destroy(),
  };
}

function send(
  agent: Agent,
  { url, method, token, body }: Request,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const sent = request(url, { method, headers, agent }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** Does `work` for every number, so many at a time; returns how long each took. */
export async function timed(
  numbers: readonly number[],
  atOnce: number,
  work: (nth: number) => Promise<unknown>,
): Promise<{ readonly ms: number; readonly each: readonly number[] }> {
  const each: number[] = [];
  const left = numbers.values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const nth of left) {
        const began = performance.now();
        await work(nth);
        each.push(performance.now() - began);
      }
    }),
  );
  return { ms: performance.now() - started, each };
}
