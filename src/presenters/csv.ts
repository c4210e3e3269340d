/** Tells a spreadsheet that a file is UTF-8; the first line of a file begins with it. */
export const byteOrderMark = '\uFEFF';

/**
 * One line of a CSV file (RFC 4180). Where a spreadsheet would begin a formula there is an apostrophe, so that no text
 * from a directory is run: at the beginning of a cell, and after what some spreadsheets part cells by in place of a comma.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

const formula = /(?<=^|[;\t\r\n])(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/g;

function cellText(value: string): string {
  const safe = value.replace(formula, "'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
