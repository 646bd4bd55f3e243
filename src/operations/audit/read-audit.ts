/**
 * Reads the audit log, for those who may. A holder or a card is searched by its tags, because
 * entries have no personal values.
 */
import { decideAccess } from '../../access/decide.js';
import { type ChainRule, EMPTY_CHAIN, verifyChain } from '../../audit/chain.js';
import type { AuditEntry } from '../../audit/entry.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { AuditFilter } from '../../ports/store/audit.js';
import type { Page } from '../../ports/store/certificates.js';
import { violation } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { Pages } from '../orders/line-pages.js';
import type { ServingContext } from '../serving.js';
import type { World } from '../world.js';

export type AuditCriteria = Omit<AuditFilter, 'holderTags' | 'cardTags' | 'limit' | 'cursor'> & {
  /** Id of a holder, and token id of a card. */
  readonly holder?: string | undefined;
  readonly card?: string | undefined;
};

type AuditContext = Pick<ServingContext, 'tagsOf'> & { readonly world: Pick<World, 'store'> };

/** One page, newest first. */
export async function searchAudit(
  context: AuditContext,
  account: Account,
  { limit, cursor, ...criteria }: AuditCriteria & Pick<AuditFilter, 'limit' | 'cursor'>,
): Promise<Result<Page<AuditEntry>, OperationFailure>> {
  const permitted = decideAccess(account, 'read-audit', null);
  if (!permitted.ok) return permitted;
  const filter = { ...filterOf(context, criteria), limit, cursor };
  const found = await context.world.store.read((reads) => reads.searchAudit(filter));
  if (!found.ok) return found;
  return found.value.ok ? found.value : err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
}

/**
 * All entries that match, newest first, page by page: the memory holds no more than a page of them,
 * however long the client takes.
 */
export function exportAudit(
  context: AuditContext,
  account: Account,
  criteria: AuditCriteria,
): Result<Pages<AuditEntry>, OperationFailure> {
  const permitted = decideAccess(account, 'read-audit', null);
  return permitted.ok ? ok(entryPages(context, filterOf(context, criteria))) : permitted;
}

async function* entryPages({ world: { store } }: AuditContext, filter: Omit<AuditFilter, 'limit'>): Pages<AuditEntry> {
  let cursor: string | undefined;
  do {
    const page = { ...filter, limit: LIMITS.searchPageSizeMax, cursor };
    const found = await store.read((reads) => reads.searchAudit(page));
    if (!found.ok) return yield found;
    assert(found.value.ok, 'a cursor of the page before');
    yield ok(found.value.value.items);
    cursor = found.value.value.next ?? undefined;
  } while (cursor !== undefined);
}

function filterOf(
  { tagsOf }: AuditContext,
  { holder, card, ...criteria }: AuditCriteria,
): Omit<AuditFilter, 'limit' | 'cursor'> {
  return {
    ...criteria,
    holderTags: holder === undefined ? undefined : tagsOf('holder', holder),
    cardTags: card === undefined ? undefined : tagsOf('card', card),
  };
}

/** An entry with its place in the hash chain. */
export type EntryInChain = {
  readonly entry: AuditEntry;
  /** Chain hash of the entry before; 32 zero octets before the first. */
  readonly previousHash: Bytes;
  /** The first rule of the chain that the entry breaks; null: it is as it was written. */
  readonly broken: ChainRule | null;
  /** The last entry of the log. */
  readonly head: { readonly seq: number; readonly chainHash: Bytes };
};

/** Numbers of entries as texts; the largest one is far below 2^53. */
const ENTRY_NUMBER = /^[1-9]\d{0,14}$/;

/** `id`: a number from 1. The entry is checked against its own octets and the entry before. */
export async function readAuditEntry(
  { store }: Pick<World, 'store'>,
  account: Account,
  id: string,
): Promise<Result<EntryInChain, OperationFailure>> {
  const permitted = decideAccess(account, 'read-audit', null);
  if (!permitted.ok) return permitted;
  const absent = err(notFound('no-audit-entry', { id }));
  if (!ENTRY_NUMBER.test(id)) return absent;
  const seq = Number(id);
  const from = Math.max(1, seq - 1);
  const found = await store.read(async (reads) => ({
    entries: await reads.auditEntries({ from, limit: 2 }),
    head: await reads.auditHead(),
  }));
  if (!found.ok) return found;
  const { entries, head } = found.value;
  const entry = entries.find((one) => one.seq === seq);
  if (entry === undefined) return absent;
  const before = entries.find((one) => one.seq === seq - 1) ?? EMPTY_CHAIN;
  const checked = await verifyChain([entry], { from: before });
  const broken = checked.ok ? null : checked.error.rule;
  return ok({ entry, previousHash: before.chainHash, broken, head });
}
