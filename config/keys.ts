/** One key of `SECRETS_KEYS`: 32 bytes with an id that every sealed secret stores. */
export interface SecretsKey {
  readonly id: string;
  readonly key: Buffer;
}

export const keyBytes = 32;
/** The limits of the Standard Webhooks. */
export const fewestWebhookBytes = 24;
export const mostWebhookBytes = 64;

/** Gets the problem of a setting, in words that never repeat the setting. */
export type Refinement = { addIssue(problem: string): void };

/** Names entries by their place: the text before a misplaced colon may be the key itself. */
export function parseSecretsKeys(text: string, ctx: Refinement): readonly SecretsKey[] {
  const keys: SecretsKey[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const match = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]+=*)$/.exec(entry.trim());
    const key = Buffer.from(match?.[2] ?? '', 'base64');
    const id = match?.[1];
    if (id === undefined) ctx.addIssue(`key ${index + 1} is malformed`);
    else if (key.length !== keyBytes) ctx.addIssue(`key ${index + 1} has ${key.length} bytes`);
    else if (keys.some((other) => other.id === id)) {
      ctx.addIssue(`key ${index + 1} has the id of an earlier one`);
    } else keys.push({ id, key });
  }
  return keys;
}

/** `whsec_` and the key in base64, as the Standard Webhooks write it. */
export function parseWebhookSecret(text: string, ctx: Refinement): Buffer {
  const [, encoded = null] = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (encoded === null) ctx.addIssue('malformed');
  else if (key.length < fewestWebhookBytes || key.length > mostWebhookBytes) {
    ctx.addIssue(`has ${key.length} bytes`);
  }
  return key;
}
