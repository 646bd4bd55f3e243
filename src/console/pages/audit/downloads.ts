/** Exports of the audit log, line by line. A failure after the first line ends the download. */
import { ok } from '../../../kernel/result.js';
import { entryCsv, entryRows } from '../../../operations/audit/entry-rows.js';
import { exportAudit } from '../../../operations/audit/read-audit.js';
import { csvFile, ndjsonFile } from '../../export-forms.js';
import type { PageDownload } from '../../page.js';
import type { AuditData } from './data.js';

export const DOWNLOADS: readonly PageDownload<AuditData>[] = [
  {
    name: 'entries.csv',
    action: 'read-audit',
    isExport: true,
    make: async (context, { account }, { criteria }) => {
      const pages = exportAudit(context, account, criteria);
      return pages.ok ? ok({ ...csvFile(entryCsv(pages.value)), filename: 'audit.csv' }) : pages;
    },
  },
  {
    name: 'entries.ndjson',
    action: 'read-audit',
    isExport: true,
    make: async (context, { account }, { criteria }) => {
      const pages = exportAudit(context, account, criteria);
      return pages.ok ? ok({ ...ndjsonFile(entryRows(pages.value)), filename: 'audit.ndjson' }) : pages;
    },
  },
];
