import { decideAccess } from '../../../access/decide.js';
import type { AuditOutcome } from '../../../audit/events.js';
import { parseInstant } from '../../../kernel/clock.js';
import { err, ok } from '../../../kernel/result.js';
import { violation } from '../../../texts/text.js';
import type { Handler } from '../handler.js';
import { renderAuditEntry } from '../render.js';
import { pageLimit } from './certificates.js';

export const searchAuditEntries: Handler = async ({ world, tagsOf }, { account, query }) => {
  const permitted = decideAccess(account, 'read-audit', null);
  if (!permitted.ok) return permitted;
  const { since, until, actor, type, outcome, id, holder, card, cursor, limit } = query;
  const filter = {
    since: instantOf(since),
    until: instantOf(until),
    actor,
    type,
    // The schema has checked it.
    outcome: outcome as AuditOutcome | undefined,
    id,
    holderTags: holder === undefined ? undefined : tagsOf('holder', holder),
    cardTags: card === undefined ? undefined : tagsOf('card', card),
    cursor,
    limit: pageLimit(limit),
  };
  const found = await world.store.read((reads) => reads.searchAudit(filter));
  if (!found.ok) return found;
  if (!found.value.ok) {
    return err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
  }
  const { items, next } = found.value.value;
  return ok({ entries: items.map(renderAuditEntry), nextCursor: next });
};

/** The schema guarantees a valid time. */
function instantOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (parseInstant(text) ?? undefined);
}
