import type { Clock } from '../../ports/clock.ts';
import { type PostOptions, postJson } from './post.ts';
import { signHeaders } from './sign.ts';

export interface WebhookOptions extends PostOptions {
  /** The signing key; the receiver has it too. */
  readonly key: Buffer;
  readonly clock: Clock;
}

/** Posts the body of alerts, signed. */
export function createWebhook(options: WebhookOptions) {
  const { key, clock } = options;
  return (
    { id, body }: { readonly id: string; readonly body: string },
    signal: AbortSignal,
  ): Promise<string | null> => {
    const headers = signHeaders({ id, body, sentAt: clock.now() }, key);
    return postJson(options, { body, headers }, signal);
  };
}
