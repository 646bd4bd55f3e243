/**
 * Reads and writes the outcomes of the lines of orders, and the keys that dry runs would certify.
 */
import { assert } from '../../../kernel/assert.js';
import {
  type ForeseenKey,
  ORDER_OUTCOMES,
  type OrderOutcome,
  type OrderReads,
  type OrderWrites,
  type SettledLine,
} from '../../../ports/store/orders.js';
import { insert, padToPowerOfTwo, placeholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { COUNT_COLUMNS, FAILED_OUTCOMES } from '../../schema/orders.js';
import { integer, oneOf, type Row, text, textOrNull } from '../columns.js';
import { addProblems } from './problems.js';

type LineReads = Pick<
  OrderReads,
  'orderLine' | 'orderLines' | 'orderLinesAfter' | 'failedLinesAfter' | 'settledAmong' | 'foreseenKeys'
>;
type LineWrites = Pick<OrderWrites, 'insertOrderLines' | 'insertForeseenKeys'>;

export function lineReads(session: Session): LineReads {
  return {
    orderLine: async (id, line) => {
      const [row] = await session.sql('select * from order_lines where order_id = ? and line = ?', [id, line]);
      return row === undefined ? null : lineOf(row);
    },
    orderLines: async (id, lines) => {
      const found: SettledLine[] = [];
      for (const batch of statementBatches(lines).map(padToPowerOfTwo)) {
        const sql = `select * from order_lines where order_id = ? and line in ${placeholders(batch.length)} order by line`;
        found.push(...(await session.sql(sql, [id, ...batch])).map(lineOf));
      }
      return found;
    },
    orderLinesAfter: async ({ id, after, limit }) => {
      const sql = 'select * from order_lines where order_id = ? and line > ? order by line limit ?';
      return (await session.sql(sql, [id, after, limit])).map(lineOf);
    },
    failedLinesAfter: async ({ id, after, limit }) => {
      const sql = `select * from order_lines where order_id = ? and line > ? and outcome in ${FAILED_OUTCOMES}
        order by line limit ?`;
      return (await session.sql(sql, [id, after, limit])).map(lineOf);
    },
    settledAmong: async (id, lines) => {
      const settled = new Set<number>();
      for (const batch of statementBatches(lines).map(padToPowerOfTwo)) {
        const sql = `select line from order_lines where order_id = ? and line in ${placeholders(batch.length)}`;
        for (const row of await session.sql(sql, [id, ...batch])) settled.add(integer(row, 'line'));
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
      return (await session.sql(sql, [id, cardTokenId, id, id, ...keys])).map(keyOf);
    },
  };
}

export function lineWrites(session: Session): LineWrites {
  return {
    insertOrderLines: async (lines) => {
      for (const batch of statementBatches(lines)) await insert(session, 'order_lines', batch.map(columnsOf));
      for (const [id, counts] of countsOf(lines)) await addCounts(session, id, counts);
      await addProblems(session, lines);
    },
    insertForeseenKeys: (keys) =>
      insert(
        session,
        'foreseen_keys',
        keys.map(({ orderId, line, request, spkiSha256 }) => ({
          order_id: orderId,
          line,
          request,
          spki_sha256: spkiSha256,
        })),
      ),
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
  const columns = [...counts.keys()].map((outcome) => COUNT_COLUMNS[outcome]);
  const sums = columns.map((column) => `${column} = ${column} + ?`).join(', ');
  const sql = `update orders set ${sums} where id = ? returning id`;
  const counted = await session.sql(sql, [...counts.values(), id]);
  assert(counted.length === 1, 'an order that is there');
}

function columnsOf({ orderId, line, outcome, cardTokenId, settledAt, result }: SettledLine) {
  return { order_id: orderId, line, outcome, card_token_id: cardTokenId, settled_at: settledAt, result };
}

function keyOf(row: Row): ForeseenKey {
  return {
    orderId: text(row, 'order_id'),
    line: integer(row, 'line'),
    request: integer(row, 'request'),
    spkiSha256: text(row, 'spki_sha256'),
  };
}

function lineOf(row: Row): SettledLine {
  return {
    orderId: text(row, 'order_id'),
    line: integer(row, 'line'),
    outcome: oneOf(row, 'outcome', ORDER_OUTCOMES),
    cardTokenId: textOrNull(row, 'card_token_id'),
    result: text(row, 'result'),
    settledAt: integer(row, 'settled_at'),
  };
}
