/** Keeps the digits alone. */
export function digits(text: string): string {
  return text.replace(/\P{Nd}/gu, '');
}
