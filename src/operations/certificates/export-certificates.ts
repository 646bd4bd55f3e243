/**
 * Exports all certificates that a search finds, page by page: the database and the memory hold no
 * more than a page of them, however long the client takes.
 */
import { assert } from '../../kernel/assert.js';
import { LIMITS } from '../../kernel/limits.js';
import { ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateFilter } from '../../ports/store/certificates.js';
import type { OperationFailure } from '../failures.js';
import type { Pages } from '../orders/line-pages.js';
import type { World } from '../world.js';
import { beginSearch, type CertificateSearch, shownPage } from './search-certificates.js';
import type { ShownSummary } from './summarise.js';

export async function exportCertificates(
  world: World,
  account: Account,
  {
    search,
    exportedAs,
  }: { readonly search: Omit<CertificateSearch, 'limit' | 'cursor'>; readonly exportedAs: 'csv' | 'ndjson' },
): Promise<Result<Pages<ShownSummary>, OperationFailure>> {
  const whole = { ...search, limit: LIMITS.searchPageSizeMax };
  const begun = await beginSearch(world, account, { search: whole, action: 'read', exportedAs });
  return begun.ok ? ok(summaryPages(world, begun.value)) : begun;
}

async function* summaryPages({ store }: Pick<World, 'store'>, filter: CertificateFilter): Pages<ShownSummary> {
  let cursor: string | undefined;
  do {
    const position = cursor;
    const page = await store.read((reads) => shownPage(reads, { ...filter, cursor: position }));
    if (!page.ok) return yield page;
    assert(page.value.ok, 'a cursor of the page before');
    yield ok(page.value.value.items);
    cursor = page.value.value.next ?? undefined;
  } while (cursor !== undefined);
}
