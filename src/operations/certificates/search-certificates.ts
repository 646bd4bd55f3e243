/**
 * Searches certificates that an account may see. Every search is recorded with its account and
 * criteria, of which personal values are tags; the later pages of a search that names no holder,
 * card, structure or serial number are not. Names cannot be searched.
 */
import { decideAccess } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import { accountActor } from '../../audit/actors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type {
  CertificateFilter,
  CertificateReads,
  CertificateRecord,
  CursorMalformed,
  Page,
} from '../../ports/store/certificates.js';
import { violation } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { type ShownSummary, withRenewals } from './summarise.js';

export type CertificateSearch = Omit<CertificateFilter, 'scope' | 'now' | 'issuer'> & {
  /** The call or request that the search is for; without names. */
  readonly ticket?: string | undefined;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/**
 * A page may have fewer certificates than `limit`, or none, although there are more: `next` is then
 * not null.
 */
export async function searchCertificates(
  world: World,
  account: Account,
  search: CertificateSearch,
): Outcome<Page<CertificateRecord>> {
  const begun = await beginSearch(world, account, { search, action: 'read' });
  if (!begun.ok) return begun;
  const found = await world.store.read((reads) => reads.search(begun.value));
  if (!found.ok) return found;
  return found.value.ok ? found.value : err(CURSOR_UNKNOWN);
}

/** As `searchCertificates`, without names. */
export async function findCertificates(
  world: World,
  account: Account,
  search: CertificateSearch,
): Outcome<Page<ShownSummary>> {
  const begun = await beginSearch(world, account, { search, action: 'find' });
  if (!begun.ok) return begun;
  const found = await world.store.read((reads) => shownPage(reads, begun.value));
  if (!found.ok) return found;
  return found.value.ok ? found.value : err(CURSOR_UNKNOWN);
}

/** One page of summaries with their renewals. */
export async function shownPage(
  reads: Pick<CertificateReads, 'searchSummaries' | 'newestRenewals'>,
  filter: CertificateFilter,
): Promise<Result<Page<ShownSummary>, CursorMalformed>> {
  const page = await reads.searchSummaries(filter);
  return page.ok ? ok({ ...page.value, items: await withRenewals(reads, page.value.items) }) : page;
}

const CURSOR_UNKNOWN = { kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') } as const;

type BegunSearch = {
  readonly search: CertificateSearch;
  readonly action: Action;
  /** The form of an export; left out: a page is shown. */
  readonly exportedAs?: 'csv' | 'ndjson';
};

/** Checks and records a search, and returns what the store is asked for. */
export async function beginSearch(
  { store, clock, policy, issuers }: World,
  account: Account,
  { search, action, exportedAs }: BegunSearch,
): Outcome<CertificateFilter> {
  const permitted = decideAccess(account, action, null);
  if (!permitted.ok) return permitted;
  const { ticket, authority, ...filter } = search;
  const issuing = [...policy.authorities.values()].filter(({ kind }) => kind === 'issuing').map(({ id }) => id);
  if (authority !== undefined && !issuing.includes(authority)) {
    const unknown = violation('?/ca', 'ca-known', { authorities: issuing.sort() });
    return err({ kind: 'invalid-request', ...unknown });
  }
  const now = clock();
  const { holderId: holder, cardTokenId: card, structureId: structure, orderId: order, profile, ...others } = filter;
  const { serials, status, issuedFrom, issuedUntil, expiresFrom, expiresBefore } = others;
  // A client can write a cursor, with which its first search would look like a later page.
  const isOfOne = [holder, card, structure, serials].some((criterion) => criterion !== undefined);
  if (filter.cursor === undefined || isOfOne) {
    const periods = { issuedFrom, issuedUntil, expiresFrom, expiresBefore };
    const subjects = { holder, card, structure, order, profile, authority, serials, status };
    const recorded = await store.transaction((tx) =>
      tx.appendAudit([
        {
          at: now,
          type: 'certificate.searched',
          actor: accountActor(account.id),
          details: { ...subjects, ...periods, ticket, exportedAs },
        },
      ]),
    );
    if (!recorded.ok) return recorded;
  }
  // A CA with one generation is found by the index of its issuer.
  const generations = issuers.all().filter((issuer) => issuer.authority === authority);
  const [only] = generations;
  const ofAuthority = generations.length === 1 && only !== undefined ? { issuer: only.id } : { authority };
  return ok({ ...filter, ...ofAuthority, scope: account.scope, now });
}
