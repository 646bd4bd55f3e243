/** Reads, writes and deletes the parts of uploads. */
import type { OrderPart, OrderReads, OrderWrites } from '../../../ports/store/orders.js';
import { insert } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { blob, bytes, integer, type Row, text } from '../columns.js';

type PartReads = Pick<OrderReads, 'orderPart' | 'ordersWithOldParts'>;
type PartWrites = Pick<OrderWrites, 'insertPart' | 'deleteParts'>;

export function partReads(session: Session): PartReads {
  return {
    orderPart: async (id, line) => {
      const [row] = await session.sql(
        'select * from order_parts where order_id = ? and first_line <= ? order by first_line desc limit 1',
        [id, line],
      );
      const part = row === undefined ? null : partOf(row);
      return part !== null && line <= part.lastLine ? part : null;
    },
    ordersWithOldParts: async (endedBefore, limit) => {
      // Each order that has parts has part 1, which is deleted last.
      const sql = `select o.id from order_parts p join orders o on o.id = p.order_id where p.part = 1
        and (o.state = 'discarded' or o.finished_at < ?) order by o.id limit ?`;
      return (await session.sql(sql, [endedBefore, limit])).map((row) => text(row, 'id'));
    },
  };
}

export function partWrites(session: Session): PartWrites {
  return {
    insertPart: ({ orderId, part, firstLine, lastLine, records }) =>
      insert(session, 'order_parts', [
        { order_id: orderId, part, first_line: firstLine, last_line: lastLine, records: blob(records) },
      ]),
    deleteParts: async (id, limit) => {
      const sql = `delete from order_parts where order_id = ? and part in (
          select p.part from order_parts p join orders o on o.id = p.order_id
          where p.order_id = ? and o.finished_at is not null order by p.part desc limit ?
        ) returning first_line`;
      const deleted = await session.sql(sql, [id, id, limit]);
      // The remaining parts contain only lines before `firstLine`.
      const firstLine = Math.min(...deleted.map((row) => integer(row, 'first_line')));
      if (deleted.length > 0)
        await session.sql('delete from foreseen_keys where order_id = ? and line >= ?', [id, firstLine]);
      return deleted.length;
    },
  };
}

function partOf(row: Row): OrderPart {
  return {
    orderId: text(row, 'order_id'),
    part: integer(row, 'part'),
    firstLine: integer(row, 'first_line'),
    lastLine: integer(row, 'last_line'),
    records: bytes(row, 'records'),
  };
}
