/** Exports of the audit log, line by line. A failure after the first line ends the download. */
import type { AuditEntry } from '../../../audit/entry.js';
import { ENTRY_COLUMNS, entryCells, entryDocument } from '../../../audit/shown.js';
import { csvLine } from '../../../kernel/csv.js';
import { ok } from '../../../kernel/result.js';
import { exportAudit } from '../../../operations/audit/read-audit.js';
import type { Pages } from '../../../operations/orders/line-pages.js';
import type { PageDownload } from '../../page.js';
import type { AuditData } from './data.js';

export const DOWNLOADS: readonly PageDownload<AuditData>[] = [
  {
    name: 'entries.csv',
    action: 'read-audit',
    isExport: true,
    make: async (context, { account }, { criteria }) => {
      const pages = exportAudit(context, account, criteria);
      return pages.ok
        ? ok({ type: 'text/csv; charset=utf-8', filename: 'audit.csv', body: csvOf(pages.value) })
        : pages;
    },
  },
  {
    name: 'entries.ndjson',
    action: 'read-audit',
    isExport: true,
    make: async (context, { account }, { criteria }) => {
      const pages = exportAudit(context, account, criteria);
      return pages.ok
        ? ok({ type: 'application/x-ndjson', filename: 'audit.ndjson', body: ndjsonOf(pages.value) })
        : pages;
    },
  },
];

async function* entriesOf(pages: Pages<AuditEntry>): AsyncGenerator<AuditEntry> {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`an export of the audit log: ${page.error.kind}`);
    yield* page.value;
  }
}

async function* csvOf(pages: Pages<AuditEntry>): AsyncGenerator<string> {
  yield `${csvLine(ENTRY_COLUMNS)}\r\n`;
  for await (const entry of entriesOf(pages)) yield `${csvLine(entryCells(entry))}\r\n`;
}

async function* ndjsonOf(pages: Pages<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entriesOf(pages)) yield `${JSON.stringify(entryDocument(entry))}\n`;
}
