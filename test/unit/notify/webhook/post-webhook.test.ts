import { createServer } from 'node:net';
import { Cancelled } from '../../../../src/core/errors.ts';
import { createWebhook } from '../../../../src/notify/webhook/post-webhook.ts';
import { type AnswerRequest, startAnsweringServer } from '../../../fakes/answering-server.ts';

const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
const key = Buffer.alloc(32, 7);
const message = { id: 'run-failed_1', body: '{"id":"run-failed_1"}' };
const going = new AbortController().signal;

async function withReceiver<T>(
  answer: AnswerRequest,
  work: (receiver: Awaited<ReturnType<typeof startAnsweringServer>>) => Promise<T>,
): Promise<T> {
  const receiver = await startAnsweringServer(answer);
  try {
    return await work(receiver);
  } finally {
    await receiver.close();
  }
}

/** The result of a post when the receiver answers so. */
function postTo(answer: AnswerRequest, timeoutMs = 10_000) {
  return withReceiver(answer, async ({ url, requests }) => {
    const send = createWebhook({ url: `${url}/in?token=hunter2`, key, clock, timeoutMs });
    return { problem: await send(message, going), requests };
  });
}

describe('posting to a webhook', () => {
  it('sends the body as it was signed', async () => {
    const { problem, requests } = await postTo((response) => response.writeHead(204).end());
    expect(problem).toBeNull();
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: '/in?token=hunter2',
        body: message.body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': message.id,
          'webhook-timestamp': '1767225600',
          'webhook-signature': expect.stringMatching(/^v1,.{43}=$/),
        },
      },
    ]);
  });

  it.each([400, 404, 410, 429, 500, 503])('is not done when %i is answered', async (status) => {
    const { problem } = await postTo((response) => response.writeHead(status).end('hunter2'));
    expect(problem).toBe(`answered ${status}`);
  });

  it.each([301, 302, 307, 308])('follows no redirect (%i)', async (status) => {
    const { problem, requests } = await postTo((response, { url }) =>
      response.writeHead(url === '/other' ? 200 : status, { location: '/other' }).end(),
    );
    expect(problem).toBe(`answered ${status}, a redirect, which is not followed`);
    expect(requests).toHaveLength(1);
  });

  it('gives up a receiver that does not answer', async () => {
    const { problem } = await postTo(() => undefined, 50);
    expect(problem).toBe('did not answer within 0.05 s');
  });

  it('waits for the status and not for the rest of an answer', async () => {
    const { problem } = await postTo((response) => {
      response.writeHead(200);
      response.write('and');
    });
    expect(problem).toBeNull();
  });

  it('says why a receiver is not reached, without its address', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await new Promise((resolve) => closed.close(resolve));
    const send = createWebhook({ url: `http://127.0.0.1:${port}/hunter2`, key, clock });
    expect(await send(message, going)).toBe('could not be reached: ECONNREFUSED');
  });

  it('reads no proxy from the environment by itself', async () => {
    const proxied = { ...process.env, http_proxy: 'http://127.0.0.1:1', no_proxy: '' };
    const env = jest.replaceProperty(process, 'env', proxied);
    const { problem } = await postTo((response) => response.writeHead(200).end());
    env.restore();
    expect(problem).toBeNull();
  });

  it('is aborted when its process stops', async () => {
    const stop = new AbortController();
    const posted = withReceiver(
      () => stop.abort(),
      ({ url }) => createWebhook({ url, key, clock })(message, stop.signal),
    );
    await expect(posted).rejects.toBeInstanceOf(Cancelled);
  });
});
