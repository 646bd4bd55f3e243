/** Counts what was wrong with the lines of orders, in the transactions that store the lines. */
import { problemsOfLine } from '../../../orders/results.js';
import type { OrderProblem, OrderReads, SettledLine } from '../../../ports/store/orders.js';
import type { Session } from '../../engine/session.js';
import { integer, type Row, text } from '../columns.js';

export function problemReads(session: Session): Pick<OrderReads, 'orderProblems'> {
  return {
    orderProblems: async (id) => {
      const sql = 'select * from order_problems where order_id = ? order by code, rule';
      return (await session.sql(sql, [id])).map(problemOf);
    },
  };
}

/** Adds the problems of these lines to the counts of their orders. */
export async function addProblems(session: Session, lines: readonly SettledLine[]): Promise<void> {
  for (const { orderId, code, rule, lines: count, firstLine } of sumsOf(lines)) {
    const sql = `insert into order_problems (order_id, code, rule, lines, first_line) values (?, ?, ?, ?, ?)
      on conflict (order_id, code, rule) do update set
        lines = order_problems.lines + excluded.lines,
        first_line = case when excluded.first_line < order_problems.first_line
          then excluded.first_line else order_problems.first_line end`;
    await session.sql(sql, [orderId, code, rule, count, firstLine]);
  }
}

/**
 * Returns the counts to add, in the order of their keys, so that the transactions of several
 * processes lock the rows in the same order.
 */
function sumsOf(lines: readonly SettledLine[]): readonly OrderProblem[] {
  const sums = new Map<string, OrderProblem>();
  for (const settled of lines) {
    const { orderId, line, outcome } = settled;
    if (outcome !== 'refused' && outcome !== 'not-issued') continue;
    for (const { code, rule } of problemsOfLine(settled)) {
      const key = JSON.stringify([orderId, code, rule]);
      const sum = sums.get(key) ?? { orderId, code, rule, lines: 0, firstLine: line };
      sums.set(key, { ...sum, lines: sum.lines + 1, firstLine: Math.min(sum.firstLine, line) });
    }
  }
  return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
}

function problemOf(row: Row): OrderProblem {
  return {
    orderId: text(row, 'order_id'),
    code: text(row, 'code'),
    rule: text(row, 'rule'),
    lines: integer(row, 'lines'),
    firstLine: integer(row, 'first_line'),
  };
}
