/** The files of an order, as the API hands them out. */
import { ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { Pages } from '../../../operations/orders/line-pages.js';
import { readBundle, readReceipt, readResults, receiptDocument } from '../../../operations/orders/read-files.js';
import type { Download, PageDownload } from '../../page.js';
import type { OrderData } from './data.js';

const LINES_TYPE = 'application/x-ndjson';

export const ORDER_DOWNLOADS: readonly PageDownload<OrderData>[] = [
  {
    name: 'results.ndjson',
    action: 'read-order-lines',
    isExport: true,
    make: async ({ world }, { account }, { order: { id } }) =>
      linesFile(`${id}-results.ndjson`, await readResults(world, account, { id, from: 1, withCertificates: false })),
  },
  {
    name: 'receipt.json',
    action: 'read-orders',
    make: async ({ world }, { account }, { order: { id } }) => {
      const signed = await readReceipt(world, account, id);
      if (!signed.ok) return signed;
      const body = `${JSON.stringify(receiptDocument(signed.value))}\n`;
      return ok({ type: 'application/json', filename: `${id}-receipt.json`, body });
    },
  },
  {
    name: 'bundle.ndjson',
    action: 'read-order-lines',
    isExport: true,
    make: async ({ world }, { account }, { order: { id } }) =>
      linesFile(`${id}-bundle.ndjson`, await readBundle(world, account, id)),
  },
];

function linesFile(
  filename: string,
  pages: Result<Pages<string>, OperationFailure>,
): Result<Download, OperationFailure> {
  return pages.ok ? ok({ type: LINES_TYPE, filename, body: linesOf(pages.value) }) : pages;
}

/** A failure after the first octet ends the connection, so that no file looks whole. */
async function* linesOf(pages: Pages<string>): AsyncGenerator<string> {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`a file of an order: ${page.error.kind}`);
    if (page.value.length > 0) yield `${page.value.join('\n')}\n`;
  }
}
