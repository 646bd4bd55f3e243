import type { AuditOutcome } from '../../../audit/events.js';
import { entryDocument } from '../../../audit/shown.js';
import { toHex } from '../../../kernel/bytes.js';
import { parseInstant } from '../../../kernel/clock.js';
import { ok } from '../../../kernel/result.js';
import { entryCsv, entryRows } from '../../../operations/audit/entry-rows.js';
import { type AuditCriteria, exportAudit, readAuditEntry, searchAudit } from '../../../operations/audit/read-audit.js';
import { CsvLines, type Handler } from '../handler.js';
import { pageLimit } from './certificates.js';

export const searchAuditEntries: Handler = async (context, { account, query }) => {
  const { cursor, limit } = query;
  const found = await searchAudit(context, account, { ...criteriaOf(query), cursor, limit: pageLimit(limit) });
  if (!found.ok) return found;
  const { items, next } = found.value;
  return ok({ entries: items.map(entryDocument), nextCursor: next });
};

export const exportAuditEntries: Handler = async (context, { account, query }) => {
  const pages = exportAudit(context, account, criteriaOf(query));
  if (!pages.ok) return pages;
  return ok(query.as === 'csv' ? new CsvLines(entryCsv(pages.value)) : entryRows(pages.value));
};

export const getAuditEntry: Handler = async ({ world }, { account, params }) => {
  const found = await readAuditEntry(world, account, params.seq ?? '');
  if (!found.ok) return found;
  const { entry, previousHash, broken, head } = found.value;
  const log = { seq: head.seq, chainHash: toHex(head.chainHash) };
  return ok({ ...entryDocument(entry), previousChainHash: toHex(previousHash), broken, head: log });
};

/**
 * Makes the criteria of a search from the query parameters, whose values the schema has checked.
 */
function criteriaOf({ since, until, actor, type, outcome, id, holder, card }: Readonly<Record<string, string>>) {
  const criteria: AuditCriteria = {
    since: instantOf(since),
    until: instantOf(until),
    actor,
    type,
    outcome: outcome as AuditOutcome | undefined,
    id,
    holder,
    card,
  };
  return criteria;
}

function instantOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (parseInstant(text) ?? undefined);
}
