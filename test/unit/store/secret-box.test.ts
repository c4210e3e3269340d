import fc from 'fast-check';
import { ConfigError } from '../../../src/core/errors.ts';
import { createSecretBox } from '../../../src/mongo/secret-box.ts';

const oldKey = { id: 'k1', key: Buffer.alloc(32, 1) };
const newKey = { id: 'k2', key: Buffer.alloc(32, 2) };
const context = { purpose: 'credential', documentId: 'store1' };
const box = createSecretBox([oldKey]);

function errorOf(work: () => unknown): ConfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it went well');
}

describe('createSecretBox', () => {
  it('decrypts what it sealed, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(box.open(box.seal(text, context), context)).toBe(text);
      }),
    );
  });

  it('knows what its first key sealed', () => {
    const both = createSecretBox([newKey, oldKey]);
    expect(both.isCurrent(box.seal('jca_key', context))).toBe(false);
    expect(both.isCurrent(both.seal('jca_key', context))).toBe(true);
  });

  it('seals the same text differently each time, and not readably', () => {
    const [first, second] = [box.seal('jca_key', context), box.seal('jca_key', context)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64url').toString()).not.toContain('jca_key');
  });

  it('encrypts with the first key and decrypts with any', () => {
    const sealedByOld = box.seal('jca_key', context);
    const rotated = createSecretBox([newKey, oldKey]);
    expect(rotated.open(sealedByOld, context)).toBe('jca_key');
    expect(rotated.seal('jca_key', context)).toMatch(/^k2\./);
  });

  it('names the key that is missing', () => {
    const error = errorOf(() => createSecretBox([newKey]).open(box.seal('x', context), context));
    expect(error.message).toContain("the key 'k1', which SECRETS_KEYS doesn't have");
    expect(error.hint).toContain("'k1'");
  });

  it.each([
    { purpose: 'credential', documentId: 'store2' },
    { purpose: 'other', documentId: 'store1' },
  ])('decrypts for no other owner: %j', (other) => {
    const sealed = box.seal('jca_key', context);
    expect(errorOf(() => box.open(sealed, other)).message).toContain("can't be decrypted");
  });

  it('refuses a secret that was altered in any place', () => {
    const sealed = box.seal('jca_key', context);
    const places = [...sealed.matchAll(/(?<=\.)./g)].map(({ index }) => index);
    expect(places).toHaveLength(3);
    for (const place of places) {
      const letter = sealed[place] === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, place) + letter + sealed.slice(place + 1);
      expect(() => box.open(altered, context)).toThrow(ConfigError);
    }
  });

  it.each(['k1', 'k1...', 'k1.AA.AA.AA'])('refuses a text that was never sealed: %s', (text) => {
    expect(() => box.open(text, context)).toThrow(ConfigError);
  });

  it('refuses a shortened authentication tag', () => {
    const [id, iv, tag = '', data] = box.seal('jca_key', context).split('.');
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => box.open([id, iv, short, data].join('.'), context)).toThrow(ConfigError);
  });

  it('refuses another key under the same id', () => {
    const other = createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 9) }]);
    expect(() => other.open(box.seal('x', context), context)).toThrow(ConfigError);
  });

  it('derives a key of its own for each purpose, from the first key', () => {
    const cookie = box.deriveKey('cookie');
    expect(cookie).toHaveLength(32);
    expect(box.deriveKey('cookie')).toEqual(cookie);
    expect(box.deriveKey('other')).not.toEqual(cookie);
    expect(createSecretBox([newKey, oldKey]).deriveKey('cookie')).not.toEqual(cookie);
    expect(cookie).not.toEqual(oldKey.key);
  });

  it('needs a key', () => {
    expect(() => createSecretBox([])).toThrow(ConfigError);
  });
});
