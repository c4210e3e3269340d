/**
 * One line of a CSV file (RFC 4180). A cell that a spreadsheet would take for a formula begins with
 * an apostrophe, so that no text from a directory is run as a formula.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
