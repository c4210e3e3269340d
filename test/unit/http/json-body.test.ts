import fastify from 'fastify';
import { jsonBodyParser } from '../../../src/http/json-body.ts';

const json = JSON.stringify({ name: 'J\u00fcrgen' });

/** Sends a body to a server that answers with what it read. */
async function send(payload: Buffer, contentType = 'application/json') {
  const app = fastify();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, jsonBodyParser(app));
  app.post('/', async ({ body }) => body);
  const headers = { 'content-type': contentType };
  const answer = await app.inject({ method: 'POST', url: '/', headers, payload });
  await app.close();
  return { status: answer.statusCode, body: answer.json() as unknown };
}

describe('the JSON body of a request', () => {
  it.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from(json), 'application/json'],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${json}`), 'application/json'],
    ['Latin-1', Buffer.from(json, 'latin1'), 'application/json; charset=iso-8859-1'],
  ])('is read in %s', async (_, payload, contentType) => {
    await expect(send(payload, contentType)).resolves.toEqual({
      status: 200,
      body: { name: 'J\u00fcrgen' },
    });
  });

  it.each<[string, string, Buffer, string, number]>([
    [
      'bytes that are no text',
      'The body is text that is not valid UTF-8.',
      Buffer.from(json, 'latin1'),
      '',
      400,
    ],
    [
      'an unknown charset',
      'The body is text in the unknown charset "utf-7".',
      Buffer.from(json),
      '; charset=utf-7',
      415,
    ],
    ['no JSON', 'not valid JSON', Buffer.from('{'), '', 400],
    ['nothing', 'Body cannot be empty', Buffer.alloc(0), '', 400],
    ['a prototype', 'not valid JSON', Buffer.from('{"__proto__":{}}'), '', 400],
  ])('is refused with %s', async (_, words, payload, parameters, status) => {
    await expect(send(payload, `application/json${parameters}`)).resolves.toEqual({
      status,
      body: expect.objectContaining({ message: expect.stringContaining(words) }),
    });
  });
});
