/**
 * Reads and writes the outcomes of the lines of orders, counts what was wrong with them in the same
 * transactions, and keeps the keys that dry runs would certify.
 */
import { assert } from '../../../kernel/assert.js';
import { problemsOfLine } from '../../../orders/results.js';
import {
  type ForeseenKey,
  ORDER_OUTCOMES,
  type OrderOutcome,
  type OrderProblem,
  type OrderReads,
  type OrderWrites,
  type SettledLine,
} from '../../../ports/store/orders.js';
import { insert, padToPowerOfTwo, placeholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { NEVER_DELETED, NEVER_UPDATED } from '../../schema/guards.js';
import { bigInteger, fixedGuard, integer, oneOf, table, text, time } from '../../table.js';
import * as columns from '../columns.js';

/** The columns of `orders` with the number of lines of each outcome. */
export const COUNT_COLUMNS = {
  issued: 'count_issued',
  duplicate: 'count_duplicate',
  refused: 'count_refused',
  'not-issued': 'count_not_issued',
  cancelled: 'count_cancelled',
  'would-issue': 'count_would_issue',
  'would-be-duplicate': 'count_would_be_duplicate',
} as const satisfies Readonly<Record<OrderOutcome, string>>;

/** SQL list of the outcomes with a problem that somebody has to look at. */
const FAILED_OUTCOMES = `('refused', 'not-issued')`;

const OUTCOME_LIST = ORDER_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ');

export const orderLines = table<SettledLine>(
  'order_lines',
  {
    orderId: text(36),
    line: bigInteger(),
    outcome: oneOf(ORDER_OUTCOMES, 32),
    cardTokenId: text().nullable(),
    settledAt: time(),
    result: text(),
  },
  {
    primary: ['order_id', 'line'],
    checks: { order_lines_outcome: `line >= 1 and outcome in (${OUTCOME_LIST})` },
    indexes: {
      order_lines_card: '(card_token_id, order_id) where card_token_id is not null',
      order_lines_failed: `(order_id, line) where outcome in ${FAILED_OUTCOMES}`,
    },
    guards: [NEVER_DELETED, NEVER_UPDATED],
  },
);

/**
 * The number of failed lines by problem. Without this table, counting the problems of a million
 * lines would take seconds.
 */
export const orderProblems = table<OrderProblem>(
  'order_problems',
  {
    orderId: text(36).fixed(),
    code: text(64).fixed(),
    rule: text(128).fixed(),
    lines: bigInteger(),
    firstLine: bigInteger(),
  },
  {
    primary: ['order_id', 'code', 'rule'],
    checks: { order_problems_lines: 'lines >= 1 and first_line >= 1' },
    guards: [
      NEVER_DELETED,
      fixedGuard('what a problem of an order is stays'),
      {
        name: 'grows',
        on: 'update',
        when: 'new.lines < old.lines or new.first_line > old.first_line',
        says: 'counts of problems never fall',
      },
    ],
  },
);

/**
 * The keys that a dry run would certify, so that the dry run finds later lines with the same key or
 * card. The keys are deleted together with the parts of the order.
 */
export const foreseenKeys = table<ForeseenKey>(
  'foreseen_keys',
  { orderId: text(36), line: bigInteger(), request: integer(), spkiSha256: text(64) },
  {
    primary: ['order_id', 'line', 'request'],
    uniques: { foreseen_keys_once: ['order_id', 'spki_sha256'] },
    checks: { foreseen_keys_place: 'line >= 1 and request >= 0' },
    guards: [NEVER_UPDATED],
  },
);

type LineReads = Pick<
  OrderReads,
  | 'orderLine'
  | 'orderLines'
  | 'orderLinesAfter'
  | 'failedLinesAfter'
  | 'orderProblems'
  | 'settledAmong'
  | 'foreseenKeys'
>;
type LineWrites = Pick<OrderWrites, 'insertOrderLines' | 'insertForeseenKeys'>;

export function lineReads(session: Session): LineReads {
  return {
    orderLine: async (id, line) => {
      const [row] = await session.sql('select * from order_lines where order_id = ? and line = ?', [id, line]);
      return row === undefined ? null : orderLines.read(row);
    },
    orderLines: async (id, lines) => {
      const found: SettledLine[] = [];
      for (const batch of statementBatches(lines).map(padToPowerOfTwo)) {
        const sql = `select * from order_lines where order_id = ? and line in ${placeholders(batch.length)} order by line`;
        found.push(...(await session.sql(sql, [id, ...batch])).map(orderLines.read));
      }
      return found;
    },
    orderLinesAfter: async ({ id, after, limit }) => {
      const sql = 'select * from order_lines where order_id = ? and line > ? order by line limit ?';
      return (await session.sql(sql, [id, after, limit])).map(orderLines.read);
    },
    failedLinesAfter: async ({ id, after, limit }) => {
      const sql = `select * from order_lines where order_id = ? and line > ? and outcome in ${FAILED_OUTCOMES}
        order by line limit ?`;
      return (await session.sql(sql, [id, after, limit])).map(orderLines.read);
    },
    orderProblems: async (id) => {
      const sql = 'select * from order_problems where order_id = ? order by code, rule';
      return (await session.sql(sql, [id])).map(orderProblems.read);
    },
    settledAmong: async (id, lines) => {
      const settled = new Set<number>();
      for (const batch of statementBatches(lines).map(padToPowerOfTwo)) {
        const sql = `select line from order_lines where order_id = ? and line in ${placeholders(batch.length)}`;
        for (const row of await session.sql(sql, [id, ...batch])) settled.add(columns.integer(row, 'line'));
      }
      return settled;
    },
    foreseenKeys: async (id, { cardTokenId, keys }) => {
      // This is `union all` because, for `union`, SQLite would read all lines of the order to sort
      // both parts.
      const sql = `select * from foreseen_keys where order_id = ? and line in (
          select line from order_lines where card_token_id = ? and order_id = ? and outcome = 'would-issue'
          union all select line from foreseen_keys where order_id = ? and spki_sha256 in ${placeholders(keys.length)}
        ) order by line, request`;
      return (await session.sql(sql, [id, cardTokenId, id, id, ...keys])).map(foreseenKeys.read);
    },
  };
}

export function lineWrites(session: Session): LineWrites {
  return {
    insertOrderLines: async (lines) => {
      for (const batch of statementBatches(lines)) await insert(session, 'order_lines', batch.map(orderLines.write));
      for (const [id, counts] of countsOf(lines)) await addCounts(session, id, counts);
      await addProblems(session, lines);
    },
    insertForeseenKeys: (keys) => insert(session, 'foreseen_keys', keys.map(foreseenKeys.write)),
  };
}

type Counts = ReadonlyMap<OrderOutcome, number>;

function countsOf(lines: readonly SettledLine[]): ReadonlyMap<string, Counts> {
  const byOrder = new Map<string, Map<OrderOutcome, number>>();
  for (const { orderId, outcome } of lines) {
    const counts = byOrder.get(orderId) ?? new Map<OrderOutcome, number>();
    byOrder.set(orderId, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
  }
  return byOrder;
}

async function addCounts(session: Session, id: string, counts: Counts): Promise<void> {
  const sums = [...counts.keys()]
    .map((outcome) => COUNT_COLUMNS[outcome])
    .map((column) => `${column} = ${column} + ?`)
    .join(', ');
  const sql = `update orders set ${sums} where id = ? returning id`;
  const counted = await session.sql(sql, [...counts.values(), id]);
  assert(counted.length === 1, 'an order that is there');
}

/** Adds the problems of these lines to the counts of their orders. */
async function addProblems(session: Session, lines: readonly SettledLine[]): Promise<void> {
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
