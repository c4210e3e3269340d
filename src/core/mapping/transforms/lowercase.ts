/** Makes every letter small. */
export function lowercase(text: string): string {
  return text.toLowerCase();
}
