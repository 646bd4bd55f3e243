/** The files of a search: all that it finds, as a table or as JSON lines. */
import { ok } from '../../../kernel/result.js';
import { exportCertificates } from '../../../operations/certificates/export-certificates.js';
import { summaryCsv, summaryRows } from '../../../operations/certificates/summary-rows.js';
import type { PageDownload } from '../../page.js';
import type { SearchData } from './data.js';
import { searchOf } from './fields.js';

const FORMS = {
  csv: { name: 'export.csv', type: 'text/csv; charset=utf-8; header=present', filename: 'certificates.csv' },
  ndjson: { name: 'export.ndjson', type: 'application/x-ndjson', filename: 'certificates.ndjson' },
} as const;

export const EXPORTS: readonly PageDownload<SearchData>[] = (['csv', 'ndjson'] as const).map((exportedAs) => {
  const { name, type, filename } = FORMS[exportedAs];
  return {
    name,
    action: 'read',
    isExport: true,
    make: async ({ world }, { account }, { input }) => {
      const exported = await exportCertificates(world, account, { search: searchOf(input), exportedAs });
      if (!exported.ok) return exported;
      const body =
        exportedAs === 'csv'
          ? ended(summaryCsv(world, exported.value), '\r\n')
          : ended(asJson(summaryRows(world, exported.value)), '\n');
      return ok({ type, filename, body });
    },
  };
});

async function* asJson(rows: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const row of rows) yield JSON.stringify(row);
}

async function* ended(lines: AsyncIterable<string>, end: string): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}${end}`;
}
