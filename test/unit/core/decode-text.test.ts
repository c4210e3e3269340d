import fc from 'fast-check';
import { decodeText } from '../../../src/core/decode-text.ts';

const json = 'application/json';
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('the text of an answer', () => {
  it.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from('Z\u00fcrich'), json],
    ['UTF-8 with a mark', Buffer.from('\ufeffZ\u00fcrich'), json],
    ['UTF-8, in small letters and quotes', Buffer.from('Z\u00fcrich'), `${json}; charset="utf8"`],
    ['an empty charset', Buffer.from('Z\u00fcrich'), `${json}; charset=`],
    ['Latin-1', Buffer.from('Z\u00fcrich', 'latin1'), `${json};charset=ISO-8859-1; v=1`],
    ['UTF-16', Buffer.from('\ufeffZ\u00fcrich', 'utf16le'), `${json}; charset=utf-16`],
    ['UTF-16 of the other order', utf16be('\ufeffZ\u00fcrich'), `${json}; charset=utf-16`],
    ['UTF-16 without a charset', Buffer.from('\ufeffZ\u00fcrich', 'utf16le'), json],
    ['UTF-16LE', Buffer.from('Z\u00fcrich', 'utf16le'), `${json}; charset=UTF-16LE`],
  ])('is read from %s', (_, bytes, contentType) => {
    expect(decodeText(bytes, contentType)).toEqual({ ok: true, text: 'Z\u00fcrich' });
  });

  it('has the letters that Windows added to Latin-1', () => {
    const bytes = Buffer.from([0x4f, 0x92, 0x42, 0x80]);
    expect(decodeText(bytes, 'text/plain; charset=windows-1252')).toEqual({
      ok: true,
      text: 'O\u2019B\u20ac',
    });
  });

  it.each<[string, readonly number[], string, string]>([
    ['Latin-1 said to be JSON', [0x5a, 0xfc, 0x72], json, 'text that is not valid UTF-8'],
    ['a letter cut at the end', [0x5a, 0xc3], json, 'text that is not valid UTF-8'],
    ['a letter spelled too long', [0xc0, 0xaf], json, 'text that is not valid UTF-8'],
    ['half a pair', [0xed, 0xa0, 0x80], json, 'text that is not valid UTF-8'],
    [
      'an odd byte',
      [0x5a, 0x00, 0x5a],
      `${json}; charset=utf-16`,
      'text that is not valid UTF-16LE',
    ],
    ['an unknown charset', [0x5a], `${json}; charset=utf-7`, 'text in the unknown charset "utf-7"'],
  ])('is refused: %s', (_, bytes, contentType, problem) => {
    expect(decodeText(Uint8Array.from(bytes), contentType)).toMatchObject({ ok: false, problem });
  });

  it('is what was encoded, or refused, and never changed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        const read = decodeText(bytes, json);
        fc.pre(read.ok && bytes[0] !== 0xef && bytes[0] !== 0xff && bytes[0] !== 0xfe);
        expect(Buffer.from(read.ok ? read.text : '')).toEqual(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.startsWith('\ufeff'));
        expect(decodeText(Buffer.from(text), json)).toEqual({ ok: true, text });
      }),
    );
  });
});
