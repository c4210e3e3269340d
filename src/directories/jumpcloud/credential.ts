import { z } from 'zod';
import { InvalidInput } from '../../core/errors.ts';
import type { Connection } from '../../core/model/store.ts';
import { secretText } from '../secret-text.ts';

/** The key of an administrator, or a service account. */
export const credentialSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('api-key'), apiKey: secretText }),
    z.strictObject({
      type: z.literal('client-credentials'),
      clientId: z.string().min(1).max(500),
      clientSecret: secretText,
    }),
  ])
  .meta({ id: 'Credential' });

/** Service accounts can sign in to one region only. */
export function checkSignIn(type: string, { region }: Connection): void {
  if (type !== 'client-credentials' || region === 'us') return;
  throw new InvalidInput(`Service accounts can't sign in to region ${region}.`, {
    hint: 'Use an API key there; service accounts work in region us.',
  });
}
