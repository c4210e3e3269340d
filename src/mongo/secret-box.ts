import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ConfigError } from '../core/errors.ts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const derivedKeyBytes = 32;

/**
 * The owner of a sealed secret. It can't be decrypted for another owner, so moving it to another document is useless.
 */
interface SealContext {
  readonly purpose: string;
  readonly documentId: string;
}

/** Encrypts secrets before they are stored. */
export interface SecretBox {
  /** The text as `keyId.iv.tag.ciphertext` (the last three in base64url), different each time. */
  seal(text: string, context: SealContext): string;
  /** The text that was sealed; `ConfigError` when its key is missing or it was altered or moved. */
  open(sealed: string, context: SealContext): string;
  /** Whether `seal` would use the same key again. */
  isCurrent(sealed: string): boolean;
  /** A key of 32 bytes for another use (HKDF-SHA-256 of the first key), the same for the same purpose. */
  deriveKey(purpose: string): Buffer;
}

/** A box of these keys (32 bytes each): the first seals, all open. */
export function createSecretBox(
  keys: readonly { readonly id: string; readonly key: Buffer }[],
): SecretBox {
  const [first] = keys;
  if (first === undefined) throw new ConfigError('SECRETS_KEYS: missing. Give at least one key.');
  return {
    seal(text, context) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, first.key, iv).setAAD(boundTo(context));
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [first.id, ...[iv, cipher.getAuthTag(), data].map(toBase64Url)].join('.');
    },
    open(sealed, context) {
      const [keyId = '', iv = '', tag = '', data = ''] = sealed.split('.');
      const found = keys.find((key) => key.id === keyId);
      if (found === undefined) throw unknownKey(keyId, context);
      try {
        const decipher = createDecipheriv(algorithm, found.key, Buffer.from(iv, 'base64url'), {
          authTagLength: tagBytes,
        })
          .setAAD(boundTo(context))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        return decipher.update(data, 'base64url', 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw unopened(keyId, { context, cause });
      }
    },
    isCurrent: (sealed) => sealed.startsWith(`${first.id}.`),
    deriveKey(purpose) {
      return Buffer.from(hkdfSync('sha256', first.key, '', `rollcall ${purpose}`, derivedKeyBytes));
    },
  };
}

function boundTo({ purpose, documentId }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([purpose, documentId]));
}

function toBase64Url(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function unknownKey(keyId: string, { purpose, documentId }: SealContext): ConfigError {
  return new ConfigError(
    `The ${purpose} of ${documentId} was encrypted with the key '${keyId}', which SECRETS_KEYS doesn't have.`,
    { hint: `Put the key '${keyId}' back into SECRETS_KEYS, or reauthorize the store.` },
  );
}

function unopened(
  keyId: string,
  { context, cause }: { readonly context: SealContext; readonly cause: unknown },
): ConfigError {
  return new ConfigError(
    `The ${context.purpose} of ${context.documentId} can't be decrypted with the key '${keyId}': the key or the stored secret was changed.`,
    { cause, hint: `Restore the key '${keyId}' in SECRETS_KEYS, or reauthorize the store.` },
  );
}
