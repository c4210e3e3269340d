/** Removes blanks around the text. */
export function trim(text: string): string {
  return text.trim();
}
