/** Reads, writes and deletes the parts of uploads. */
import type { OrderPart, OrderReads, OrderWrites } from '../../../ports/store/orders.js';
import { insert } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { NEVER_UPDATED } from '../../schema/guards.js';
import { bigInteger, bytes, table, text } from '../../table.js';
import * as columns from '../columns.js';

/** Parts hold names of people, so they are deleted some time after the end of their order. */
export const orderParts = table<OrderPart>(
  'order_parts',
  { orderId: text(36), part: bigInteger(), firstLine: bigInteger(), lastLine: bigInteger(), records: bytes() },
  {
    primary: ['order_id', 'part'],
    uniques: { order_parts_lines: ['order_id', 'first_line'] },
    checks: { order_parts_lines_ascend: 'part >= 1 and first_line >= 1 and last_line >= first_line' },
    // This index has one entry for each order that has parts.
    indexes: { order_parts_first: '(order_id) where part = 1' },
    guards: [NEVER_UPDATED],
  },
);

type PartReads = Pick<OrderReads, 'orderPart' | 'ordersWithOldParts'>;
type PartWrites = Pick<OrderWrites, 'insertPart' | 'deleteParts'>;

export function partReads(session: Session): PartReads {
  return {
    orderPart: async (id, line) => {
      const [row] = await session.sql(
        'select * from order_parts where order_id = ? and first_line <= ? order by first_line desc limit 1',
        [id, line],
      );
      const part = row === undefined ? null : orderParts.read(row);
      return part !== null && line <= part.lastLine ? part : null;
    },
    ordersWithOldParts: async (endedBefore, limit) => {
      // Each order that has parts has part 1, which is deleted last.
      const sql = `select o.id from order_parts p join orders o on o.id = p.order_id where p.part = 1
        and (o.state = 'discarded' or o.finished_at < ?) order by o.id limit ?`;
      return (await session.sql(sql, [endedBefore, limit])).map((row) => columns.text(row, 'id'));
    },
  };
}

export function partWrites(session: Session): PartWrites {
  return {
    insertPart: (part) => insert(session, 'order_parts', [orderParts.write(part)]),
    deleteParts: async (id, limit) => {
      const sql = `delete from order_parts where order_id = ? and part in (
          select p.part from order_parts p join orders o on o.id = p.order_id
          where p.order_id = ? and o.finished_at is not null order by p.part desc limit ?
        ) returning first_line`;
      const deleted = await session.sql(sql, [id, id, limit]);
      // The remaining parts contain only lines before `firstLine`.
      const firstLine = Math.min(...deleted.map((row) => columns.integer(row, 'first_line')));
      if (deleted.length > 0)
        await session.sql('delete from foreseen_keys where order_id = ? and line >= ?', [id, firstLine]);
      return deleted.length;
    },
  };
}
