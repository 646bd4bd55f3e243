/** Reads and writes what card bureaus have reported about the cards of orders. */
import { assert } from '../../../kernel/assert.js';
import { canonicalJson } from '../../../kernel/json.js';
import {
  ACKNOWLEDGED_OUTCOMES,
  type Acknowledgement,
  type AcknowledgementReads,
  type AcknowledgementWrites,
  STORED_ACKNOWLEDGEMENTS,
} from '../../../ports/store/orders/acknowledgements.js';
import { insert, padToPowerOfTwo, placeholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { integer, json, oneOf, type Row, text } from '../columns.js';

/** SQL condition for the orders that have finished in a period. */
const HAS_FINISHED = 'o.finished_at >= ? and o.finished_at < ?';

export function acknowledgementReads(session: Session): AcknowledgementReads {
  return {
    acknowledgementsOf: async (orderId, lines) => {
      const found: Acknowledgement[] = [];
      for (const batch of statementBatches(lines).map(padToPowerOfTwo)) {
        const sql = `select * from card_acknowledgements where order_id = ? and line in ${placeholders(batch.length)}
          order by line, attempt`;
        found.push(...(await session.sql(sql, [orderId, ...batch])).map(acknowledgementOf));
      }
      return found;
    },
    acknowledgementsAfter: async ({ orderId, after: { line, attempt }, limit }) => {
      const sql = `select * from card_acknowledgements where order_id = ? and (line, attempt) > (?, ?)
        order by line, attempt limit ?`;
      return (await session.sql(sql, [orderId, line, attempt, limit])).map(acknowledgementOf);
    },
    countUnacknowledged: async ({ from, before }) => {
      // The issued lines are counted in the rows of their orders, so that only acknowledged lines
      // are read.
      const sql = `select
          (select cast(coalesce(sum(o.count_issued), 0) as bigint) from orders o where ${HAS_FINISHED}) -
          (select count(*) from (
            select distinct a.order_id, a.line from orders o
              join card_acknowledgements a on a.order_id = o.id and a.result = 'accepted'
              join order_lines l on l.order_id = a.order_id and l.line = a.line and l.outcome = 'issued'
            where ${HAS_FINISHED}) acknowledged) as cards`;
      const [row] = await session.sql(sql, [from, before, from, before]);
      assert(row !== undefined, 'a count is one row');
      return integer(row, 'cards');
    },
  };
}

export function acknowledgementWrites(session: Session): AcknowledgementWrites {
  return {
    insertAcknowledgements: async (acknowledgements) => {
      for (const batch of statementBatches(acknowledgements))
        await insert(session, 'card_acknowledgements', batch.map(columnsOf));
    },
  };
}

function columnsOf(acknowledgement: Acknowledgement) {
  const { orderId, line, attempt, outcome, onCard, writtenAt, accountId, receivedAt, result } = acknowledgement;
  return {
    order_id: orderId,
    line,
    attempt,
    outcome,
    on_card: canonicalJson(onCard),
    written_at: writtenAt,
    account_id: accountId,
    received_at: receivedAt,
    result,
  };
}

function acknowledgementOf(row: Row): Acknowledgement {
  return {
    orderId: text(row, 'order_id'),
    line: integer(row, 'line'),
    attempt: integer(row, 'attempt'),
    outcome: oneOf(row, 'outcome', ACKNOWLEDGED_OUTCOMES),
    // Only `columnsOf` writes this column, and it writes a list of texts.
    onCard: json(row, 'on_card') as readonly string[],
    writtenAt: integer(row, 'written_at'),
    accountId: text(row, 'account_id'),
    receivedAt: integer(row, 'received_at'),
    result: oneOf(row, 'result', STORED_ACKNOWLEDGEMENTS),
  };
}
