/** A text that arrived as bytes, or why it can't be read, to be put after "it is". */
export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string; readonly isUnknownCharset: boolean };

const longestCharset = 40;

/**
 * Decodes bytes by their byte order mark, else by the charset of the content type, else as UTF-8. Bytes that are no
 * text there are refused, where lenient decoders put U+FFFD. The mark is dropped.
 */
export function decodeText(bytes: Uint8Array, contentType = ''): DecodedText {
  const charset = charsetOfMark(bytes) ?? charsetOf(contentType) ?? 'utf-8';
  const decoder = decoderFor(charset);
  if (decoder === null) {
    const problem = `text in the unknown charset "${charset.slice(0, longestCharset)}"`;
    return { ok: false, problem, isUnknownCharset: true };
  }
  try {
    // Node's shorter way for windows-1252 leaves out what that charset has more than Latin-1; streams don't take it.
    const text = decoder.decode(bytes, { stream: true }) + decoder.decode();
    return { ok: true, text };
  } catch {
    const problem = `text that is not valid ${decoder.encoding.toUpperCase()}`;
    return { ok: false, problem, isUnknownCharset: false };
  }
}

function decoderFor(charset: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return null;
  }
}

function charsetOfMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : null;
}

function charsetOf(contentType: string): string | null {
  const groups = /;\s*charset\s*=\s*(?:"(?<quoted>[^"]*)"|(?<bare>[^;\s]*))/i.exec(
    contentType,
  )?.groups;
  return groups?.['quoted'] || groups?.['bare'] || null;
}
