/** The cursors of lists whose rows are named by ids that ascend in time. */
import { err, ok, type Result } from '../kernel/result.js';
import type { OperationFailure } from '../operations/failures.js';
import { violation } from '../texts/text.js';

/** An id in the form in which the service writes it. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The row after which the page begins; null: it is the first page. */
export function cursorOf(given: string | undefined): Result<string | null, OperationFailure> {
  if (given === undefined) return ok(null);
  return ID.test(given) ? ok(given) : err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
}
