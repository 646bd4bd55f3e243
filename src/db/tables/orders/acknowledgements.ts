/** Reads and writes what card bureaus have reported about the cards of orders. */
import { assert } from '../../../kernel/assert.js';
import {
  ACKNOWLEDGED_OUTCOMES,
  type Acknowledgement,
  type AcknowledgementReads,
  type AcknowledgementWrites,
  STORED_ACKNOWLEDGEMENTS,
} from '../../../ports/store/orders/acknowledgements.js';
import { insert, padToPowerOfTwo, placeholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { NEVER_DELETED, NEVER_UPDATED } from '../../schema/guards.js';
import { bigInteger, integer, json, oneOf, table, text, time } from '../../table.js';
import * as columns from '../columns.js';

export const cardAcknowledgements = table<Acknowledgement>(
  'card_acknowledgements',
  {
    orderId: text(36),
    line: bigInteger(),
    attempt: integer(),
    outcome: oneOf(ACKNOWLEDGED_OUTCOMES, 16),
    onCard: json<readonly string[]>(),
    writtenAt: time(),
    accountId: text(128),
    receivedAt: time(),
    result: oneOf(STORED_ACKNOWLEDGEMENTS, 32),
  },
  {
    primary: ['order_id', 'line', 'attempt'],
    checks: {
      card_acknowledgements_outcome: `line >= 1 and attempt >= 1 and outcome in ('written', 'failed', 'scrapped')`,
    },
    guards: [NEVER_DELETED, NEVER_UPDATED],
  },
);

/** SQL condition for the orders that have finished in a period. */
const HAS_FINISHED = 'o.finished_at >= ? and o.finished_at < ?';

export function acknowledgementReads(session: Session): AcknowledgementReads {
  return {
    acknowledgementsOf: async (orderId, lines) => {
      const found: Acknowledgement[] = [];
      for (const batch of statementBatches(lines).map(padToPowerOfTwo)) {
        const sql = `select * from card_acknowledgements where order_id = ? and line in ${placeholders(batch.length)}
          order by line, attempt`;
        found.push(...(await session.sql(sql, [orderId, ...batch])).map(cardAcknowledgements.read));
      }
      return found;
    },
    acknowledgementsAfter: async ({ orderId, after: { line, attempt }, limit }) => {
      const sql = `select * from card_acknowledgements where order_id = ? and (line, attempt) > (?, ?)
        order by line, attempt limit ?`;
      return (await session.sql(sql, [orderId, line, attempt, limit])).map(cardAcknowledgements.read);
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
      return columns.integer(row, 'cards');
    },
  };
}

export function acknowledgementWrites(session: Session): AcknowledgementWrites {
  return {
    insertAcknowledgements: async (acknowledgements) => {
      for (const batch of statementBatches(acknowledgements))
        await insert(session, 'card_acknowledgements', batch.map(cardAcknowledgements.write));
    },
  };
}
