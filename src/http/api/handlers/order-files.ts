import type { Json } from '../../../kernel/json.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { Pages } from '../../../operations/orders/line-pages.js';
import { readBundle, readReceipt, readResults, receiptDocument } from '../../../operations/orders/read-files.js';
import type { Handler, JsonLines } from '../handler.js';

export const getOrderResults: Handler = async ({ world }, { account, params, query }) => {
  const { from = '1', include } = query;
  const asked = { id: params.id ?? '', from: Number(from), withCertificates: include === 'certificates' };
  return streamLines(await readResults(world, account, asked));
};

export const getOrderBundle: Handler = async ({ world }, { account, params }) =>
  streamLines(await readBundle(world, account, params.id ?? ''));

export const getOrderReceipt: Handler = async ({ world }, { account, params }) => {
  const signed = await readReceipt(world, account, params.id ?? '');
  if (!signed.ok) return signed;
  return ok(receiptDocument(signed.value));
};

/**
 * Makes a streamed response. The HTTP status is already fixed when the first page is read, so a
 * failure can only close the connection.
 */
function streamLines(pages: Result<Pages<string>, OperationFailure>): Result<Json | JsonLines, OperationFailure> {
  return pages.ok ? ok(linesOf(pages.value)) : err(pages.error);
}

/**
 * Yields the stored texts without parsing them, because their published hashes are hashes of
 * exactly these bytes.
 */
async function* linesOf(pages: Pages<string>): JsonLines {
  for await (const page of pages) {
    if (!page.ok) throw new Error(`a file of an order: ${page.error.kind}`);
    if (page.value.length > 0) yield page.value.join('\n');
  }
}
