/** The files of a search: all that it finds, as a table or as JSON lines. */
import { ok } from '../../../kernel/result.js';
import { exportCertificates } from '../../../operations/certificates/export-certificates.js';
import { summaryCsv, summaryRows } from '../../../operations/certificates/summary-rows.js';
import { csvFile, ndjsonFile } from '../../export-forms.js';
import type { PageDownload } from '../../page.js';
import type { SearchData } from './data.js';
import { searchOf } from './fields.js';

export const EXPORTS: readonly PageDownload<SearchData>[] = (['csv', 'ndjson'] as const).map((exportedAs) => ({
  name: `export.${exportedAs}`,
  action: 'read',
  isExport: true,
  make: async ({ world }, { account }, { input }) => {
    const exported = await exportCertificates(world, account, { search: searchOf(input), exportedAs });
    if (!exported.ok) return exported;
    const { value: pages } = exported;
    const file = exportedAs === 'csv' ? csvFile(summaryCsv(world, pages)) : ndjsonFile(summaryRows(world, pages));
    return ok({ ...file, filename: `certificates.${exportedAs}` });
  },
}));
