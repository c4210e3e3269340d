/** Makes every run of blanks, tabs and line breaks one space. */
export function collapseSpaces(text: string): string {
  return text.replace(/\s+/gu, ' ');
}
