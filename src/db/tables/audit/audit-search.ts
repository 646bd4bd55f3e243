/**
 * Searches the audit log, newest entries first, page by page. The cursor is the time and the number
 * of the last entry of the previous page, so pages neither skip nor repeat entries that were there
 * when the first page was read.
 */
import type { Knex } from 'knex';
import type { AuditEntry } from '../../../audit/entry.js';
import { assert } from '../../../kernel/assert.js';
import { LIMITS } from '../../../kernel/limits.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { AuditFilter } from '../../../ports/store/audit.js';
import type { CursorMalformed, Page } from '../../../ports/store/certificates.js';
import { placeholders } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { entryOf, tagColumn } from './audit-row.js';

type Position = { readonly at: number; readonly seq: number };

const CURSOR = /^2:(\d{1,16}):(\d{1,16})$/;

function encodeCursor({ at, seq }: Position): string {
  return Buffer.from(`2:${at}:${seq}`).toString('base64url');
}

function decodeCursor(cursor: string): Position | null {
  const [, at, seq] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return at === undefined || seq === undefined ? null : { at: Number(at), seq: Number(seq) };
}

export async function searchAudit(
  session: Session,
  filter: AuditFilter,
): Promise<Result<Page<AuditEntry>, CursorMalformed>> {
  const { limit, cursor } = filter;
  assert(Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.searchPageSizeMax, 'a page has a size');
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  if (after === null) return err({ kind: 'cursor-malformed' });
  const query = session.db('audit_entries').orderBy([
    { column: 'at', order: 'desc' },
    { column: 'seq', order: 'desc' },
  ]);
  if (after !== undefined) query.whereRaw('(at, seq) < (?, ?)', [after.at, after.seq]);
  applyFilter(query, filter);
  const rows = await session.rows(query.limit(limit + 1));
  const items = rows.slice(0, limit).map(entryOf);
  const last = items.at(-1);
  const next = rows.length > limit && last !== undefined ? encodeCursor({ at: last.keys.at, seq: last.seq }) : null;
  return ok({ items, next });
}

function applyFilter(query: Knex.QueryBuilder, { since, until, actor, type, outcome, id, ...tags }: AuditFilter): void {
  if (since !== undefined) query.where('at', '>=', since);
  if (until !== undefined) query.where('at', '<=', until);
  if (actor !== undefined) query.where({ actor });
  if (type !== undefined) query.where({ type });
  // The outcome is a literal in the SQL and not a parameter, so that the planner can use the
  // partial index of failures.
  if (outcome !== undefined) query.whereRaw(`outcome = '${outcome}'`);
  // Each subquery by an id or by tags uses its own index.
  if (tags.holderTags !== undefined) whereTag(query, 'holder_tag', tags.holderTags);
  if (tags.cardTags !== undefined) whereTag(query, 'card_tag', tags.cardTags);
  if (id !== undefined)
    query.whereRaw(
      `seq in (select seq from audit_entries where request_id = ?
        union select seq from audit_entries where subject_id = ?)`,
      [id, id],
    );
}

function whereTag(query: Knex.QueryBuilder, column: 'holder_tag' | 'card_tag', tags: readonly string[]): void {
  query.whereRaw(
    `seq in (select seq from audit_entries where ${column} in ${placeholders(tags.length)})`,
    tags.map(tagColumn),
  );
}
