/** The forms in which the audit log is exported: lines, without their line ends. */
import type { AuditEntry } from '../../audit/entry.js';
import { ENTRY_COLUMNS, entryCells, entryDocument } from '../../audit/shown.js';
import { csvLine } from '../../kernel/csv.js';
import type { Json } from '../../kernel/json.js';
import type { Pages } from '../orders/line-pages.js';

/** The entries with their hashes. Throws where a page cannot be read: the answer has begun. */
export async function* entryRows(pages: Pages<AuditEntry>): AsyncGenerator<Json> {
  for await (const entry of entriesOf(pages)) yield entryDocument(entry);
}

/** CSV (RFC 4180) with a header line. */
export async function* entryCsv(pages: Pages<AuditEntry>): AsyncGenerator<string> {
  yield csvLine(ENTRY_COLUMNS);
  for await (const entry of entriesOf(pages)) yield csvLine(entryCells(entry));
}

async function* entriesOf(pages: Pages<AuditEntry>): AsyncGenerator<AuditEntry> {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`an export of the audit log: ${page.error.kind}`);
    yield* page.value;
  }
}
