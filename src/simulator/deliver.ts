import type { ServerResponse } from 'node:http';
import type { Answer } from './api/answer.ts';

/** Sends an answer, or as much of it as its `delivery` says. */
export function deliver(answer: Answer, response: ServerResponse): void {
  if (answer.delivery === 'never') return;
  const { body } = answer;
  const text = body.kind === 'json' ? JSON.stringify(body.value) : body.text;
  const bytes = Buffer.from(text);
  response.writeHead(answer.status, {
    'content-type': body.kind === 'json' ? 'application/json; charset=utf-8' : body.contentType,
    'content-length': bytes.length,
    ...answer.headers,
  });
  if (answer.delivery === 'whole') {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => {
    response.socket?.destroy();
  });
}
