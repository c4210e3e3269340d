import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './api/answer.ts';

interface Delivering {
  readonly response: ServerResponse;
  /** Aborted when the connection is closed, by the client or by the simulator. */
  readonly signal: AbortSignal;
}

/**
 * Sends an answer, or as much of it as its `delivery` says. A slow answer is given up, with an
 * `AbortError`, when its connection is closed.
 */
export async function deliver(answer: Answer, { response, signal }: Delivering): Promise<void> {
  const { body, delivery } = answer;
  if (delivery === 'never') return;
  const text = body.kind === 'json' ? JSON.stringify(body.value) : body.text;
  const bytes = Buffer.from(text);
  response.writeHead(answer.status, {
    'content-type': body.kind === 'json' ? 'application/json; charset=utf-8' : body.contentType,
    'content-length': bytes.length,
    ...answer.headers,
  });
  if (delivery === 'whole') {
    response.end(bytes);
  } else if (delivery === 'reset') {
    response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => {
      response.socket?.destroy();
    });
  } else {
    await drip(bytes, { response, signal, overMs: delivery.overMs });
  }
}

const pieces = 20;

async function drip(
  bytes: Buffer,
  { response, signal, overMs }: Delivering & { readonly overMs: number },
): Promise<void> {
  response.flushHeaders();
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length; at += size) {
    await wait(overMs / pieces, undefined, { signal });
    response.write(bytes.subarray(at, at + size));
  }
  response.end();
}
