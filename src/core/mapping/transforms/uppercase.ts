/** Makes every letter a capital. */
export function uppercase(text: string): string {
  return text.toUpperCase();
}
