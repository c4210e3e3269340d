import { signHeaders } from '../../../../src/notify/webhook/sign.ts';

describe('signHeaders', () => {
  it('signs as the libraries of the Standard Webhooks do', () => {
    // The vector in the tests of those libraries.
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      sentAt: new Date(1_614_265_330_999),
    };
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    expect(signHeaders(message, key)).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('signs the bytes of the body, umlauts too', () => {
    // openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…
    const message = {
      id: 'run-failed_65f0c0ffee0000000000abcd',
      body: '{"hello":"wörld"}',
      sentAt: new Date('2026-01-01T00:00:00Z'),
    };
    expect(signHeaders(message, Buffer.alloc(32, 7))['webhook-signature']).toBe(
      'v1,av+8TB0v2aZu1e8raxl8GTwzLYKHDE9tdh0W/KTIzt0=',
    );
  });
});
