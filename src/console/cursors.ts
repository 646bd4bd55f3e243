/**
 * The cursors of lists. Rows of long lists are named by ids that ascend in time, and the cursor is
 * the last id of the page before. Short lists are read whole, and the cursor is a count of rows.
 */
import { err, ok, type Result } from '../kernel/result.js';
import type { OperationFailure } from '../operations/failures.js';
import { violation } from '../texts/text.js';

/** Rows of a page of any list. */
export const PAGE_SIZE = 50;

/** An id in the form in which the service writes it. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The row after which the page begins; null: it is the first page. */
export function cursorOf(given: string | undefined): Result<string | null, OperationFailure> {
  if (given === undefined) return ok(null);
  return ID.test(given) ? ok(given) : err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
}

/** `next`: the cursor of the next page; null: there is none. */
export type RowPage<Row> = { readonly rows: readonly Row[]; readonly next: string | null };

/** `cursor`: how many rows come before; what is no number begins at the first one. */
export function paged<Row>(all: readonly Row[], cursor: string | undefined): RowPage<Row> {
  const from = cursor !== undefined && /^\d{1,6}$/.test(cursor) ? Number(cursor) : 0;
  const until = from + PAGE_SIZE;
  return { rows: all.slice(from, until), next: until < all.length ? String(until) : null };
}
