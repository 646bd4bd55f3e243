/** What the page of an order shows. */
import { rolesPermit } from '../../../access/decide.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { readOrder, type ShownOrder } from '../../../operations/orders/read.js';
import {
  type LinesPage,
  listOrderLines,
  listOrderProblems,
  type ShownProblem,
} from '../../../operations/orders/read-lines.js';
import type { ServingContext } from '../../../operations/serving.js';
import { violation } from '../../../texts/text.js';
import type { PageRequest } from '../../page.js';

export type OrderLines = LinesPage & { readonly problems: readonly ShownProblem[] };

export type OrderData = ShownOrder & {
  /** null: the account sees how far the order is, and not its lines. */
  readonly lines: OrderLines | null;
};

/** Each line has all certificates of its card, so that ten of them fill a screen. */
const LINES_PER_PAGE = 10;

export async function loadOrder(
  { world }: ServingContext,
  { account, params: { id = '' }, query }: PageRequest,
): Promise<Result<OrderData, OperationFailure>> {
  const order = await readOrder(world, account, id);
  if (!order.ok) return order;
  if (!rolesPermit(account.roles, 'read-order-lines')) return ok({ ...order.value, lines: null });
  const after = afterOf(query);
  if (after === null) return err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
  const page = await listOrderLines(world, account, {
    id,
    after,
    limit: LINES_PER_PAGE,
    failed: query.show === 'failed',
  });
  if (!page.ok) return page;
  const problems = await listOrderProblems(world, account, id);
  return problems.ok ? ok({ ...order.value, lines: { ...page.value, problems: problems.value } }) : problems;
}

/** The line before the first of the page: the cursor of the page before, or the line asked for. */
function afterOf({ cursor, from }: PageRequest['query']): number | null {
  const given = cursor ?? from;
  if (given === undefined) return 0;
  if (!/^\d{1,7}$/.test(given)) return null;
  return cursor === undefined ? Math.max(0, Number(given) - 1) : Number(given);
}
