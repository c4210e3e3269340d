const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const plainAscii = /^[\x20-\x7e]*$/;
const invisible = /^[\p{Mark}\p{Format}]+$/u;
/** Characters that terminals draw two columns wide: East Asian wide forms and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** The time to segment a text grows with the square of its length. */
const segmentedAtOnce = 256;

/** The graphemes of a text, in linear time. The last one of a part may go on in the next part. */
function* graphemesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const part = text.slice(at, at + segmentedAtOnce);
    const found = Array.from(graphemes.segment(part), ({ segment }) => segment);
    if (found.length > 1 && at + part.length < text.length) found.pop();
    for (const grapheme of found) {
      yield grapheme;
      at += grapheme.length;
    }
  }
}

function graphemeWidth(grapheme: string): number {
  if (wide.test(grapheme)) return 2;
  return invisible.test(grapheme) ? 0 : 1;
}

/** How many columns of a terminal `text` takes. */
export function textWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += graphemeWidth(grapheme);
  return width;
}

/** `text`, or as much of its beginning as fits into `width` columns with an ellipsis. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let left = width - 1;
  for (const grapheme of graphemesOf(text)) {
    left -= graphemeWidth(grapheme);
    if (left < 0) break;
    kept += grapheme;
  }
  return `${kept}…`;
}

/** `text` with spaces after it, up to `width` columns. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** `text` on one line and without characters that control a terminal: names come from a directory. */
export function printable(text: string): string {
  return text.replace(/[\p{Control}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
