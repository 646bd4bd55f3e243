/** The two forms in which pages export what they find: a table (RFC 4180) and JSON lines. */
import type { Download } from './page.js';

type ExportFile = Pick<Download, 'type' | 'body'>;

export function csvFile(lines: AsyncIterable<string>): ExportFile {
  return { type: 'text/csv; charset=utf-8; header=present', body: ended(lines, '\r\n') };
}

export function ndjsonFile(rows: AsyncIterable<unknown>): ExportFile {
  return { type: 'application/x-ndjson', body: ended(asJson(rows), '\n') };
}

async function* asJson(rows: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) yield JSON.stringify(row);
}

async function* ended(lines: AsyncIterable<string>, end: string): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}${end}`;
}
