/** Composes letters and accents (Unicode normalisation form C). */
export function nfc(text: string): string {
  return text.normalize('NFC');
}
