import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeText } from '../core/decode-text.ts';

type Done = (error: Error | null, body?: unknown) => void;

/** Parses JSON in the charset of the request. Bytes that are no text are refused, where Fastify would put U+FFFD. */
export function jsonBodyParser(
  app: FastifyInstance,
): (request: FastifyRequest, body: Buffer, done: Done) => void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  return (request, body, done) => {
    const decoded = decodeText(body, request.headers['content-type']);
    if (decoded.ok) {
      void parseJson(request, decoded.text, done);
      return;
    }
    const statusCode = decoded.isUnknownCharset ? 415 : 400;
    done(Object.assign(new Error(`The body is ${decoded.problem}.`), { statusCode }));
  };
}
