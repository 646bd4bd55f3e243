/** Tables as CSV (RFC 4180), for people who open them in a spreadsheet. */

/**
 * A line without its end. A cell that a spreadsheet would take for a formula begins with an
 * apostrophe, because its text may come from outside (OWASP, CSV Injection).
 */
export function csvLine(cells: readonly (string | null)[]): string {
  return cells.map((cell) => quoted(withoutFormula(cell ?? ''))).join(',');
}

function withoutFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
