/** Reads and writes orders, and counts what accounts have under way. */
import { assert } from '../../../kernel/assert.js';
import type { RunId } from '../../../ports/node.js';
import {
  LIVE_ORDER_STATES,
  ORDER_STATES,
  type OrderReads,
  type OrderState,
  type OrderWrites,
} from '../../../ports/store/orders.js';
import { insert, placeholders } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { COUNT_COLUMNS } from '../../schema/orders.js';
import { AFTER_ALL_IDS, integer, integerOrNull, oneOf, text } from '../columns.js';
import { lineReads, lineWrites } from './lines.js';
import { changedColumnsOf, columnsOf, orderOf } from './order-row.js';
import { partReads, partWrites } from './parts.js';
import { problemReads } from './problems.js';

/**
 * Returns a list for SQL. States are literals in the SQL and not parameters, so that the planner
 * can use partial indexes.
 */
function listOf(states: readonly OrderState[]): string {
  return `(${states.map((state) => `'${state}'`).join(', ')})`;
}

/** SQL condition of the partial indexes of orders that have not ended. */
const IS_LIVE = `state in ${listOf(LIVE_ORDER_STATES)}`;

/** SQL condition for orders that have ended and whose receipts are not signed yet. */
const LACKS_RECEIPT = 'bundle_sha256 is not null and receipt is null';

/**
 * Returns SQL for a page of the orders that an account may see: its own, and those that name it as
 * their bureau.
 */
const visibleSql = (filter: string): string => `select * from (
    select * from (select * from orders where account_id = ? and id < ? ${filter} order by id desc limit ?) own
    union
    select * from (select * from orders where bureau_id = ? and id < ? ${filter} order by id desc limit ?) named
  ) visible order by id desc limit ?`;

/** SQL for the number of lines that have an outcome. */
const SETTLED_LINES = Object.values(COUNT_COLUMNS).join(' + ');

export function orderReads(session: Session): OrderReads {
  return {
    ...partReads(session),
    ...lineReads(session),
    ...problemReads(session),
    order: async (id) => {
      const [row] = await session.sql('select * from orders where id = ?', [id]);
      return row === undefined ? null : orderOf(row);
    },
    orderByKey: async (accountId, idempotencyKey) => {
      const [row] = await session.sql(
        `select * from orders where account_id = ? and idempotency_key = ? and state <> 'discarded'`,
        [accountId, idempotencyKey],
      );
      return row === undefined ? null : orderOf(row);
    },
    ordersPage: async ({ accountId, state, limit, before }) => {
      const below = before ?? AFTER_ALL_IDS;
      const wanted = state === undefined ? ORDER_STATES : [state];
      const filter = `and state in ${listOf(wanted)}`;
      if (accountId === null) {
        const sql = `select * from orders where id < ? ${filter} order by id desc limit ?`;
        return (await session.sql(sql, [below, limit])).map(orderOf);
      }
      const ofOne = [accountId, below, limit];
      const rows = await session.sql(visibleSql(filter), [...ofOne, ...ofOne, limit]);
      return rows.map(orderOf);
    },
    workableOrders: async (now, limit) => {
      const sql = `select * from orders where ${IS_LIVE}
        and (state in ('accepted', 'working', 'cancelling') or deadline_at <= ?) order by id limit ?`;
      return (await session.sql(sql, [now, limit])).map(orderOf);
    },
    settledOrders: async (now, limit) => {
      const sql = `select id from orders where ${IS_LIVE} and (state in ('working', 'cancelling') or deadline_at <= ?)
        and ${SETTLED_LINES} = lines order by id limit ?`;
      return (await session.sql(sql, [now, limit])).map((row) => text(row, 'id'));
    },
    ordersWithoutReceipt: async (limit) => {
      const sql = `select id from orders where ${LACKS_RECEIPT} order by id limit ?`;
      return (await session.sql(sql, [limit])).map((row) => text(row, 'id'));
    },
    runningOrdersOf: async (accountId) => {
      const sql = `select * from orders where account_id = ? and ${IS_LIVE} and state in ('accepted', 'working')
        order by id`;
      return (await session.sql(sql, [accountId])).map(orderOf);
    },
    uploads: async () => {
      const sql = `select o.id, r.run, r.ended_at from orders o join runs r on r.run = o.receiving_run
        where o.${IS_LIVE} and o.state = 'receiving' order by o.id`;
      return (await session.sql(sql)).map((row) => ({
        id: text(row, 'id'),
        run: text(row, 'run') as RunId,
        isRunLive: integerOrNull(row, 'ended_at') === null,
      }));
    },
    orderUse: async (accountId) => {
      const sql = `select count(*) as orders, count(case when state = 'receiving' then 1 end) as uploads,
          cast(coalesce(sum(lines - (${SETTLED_LINES})), 0) as bigint) as open_lines
        from orders where account_id = ? and ${IS_LIVE}`;
      const [row] = await session.sql(sql, [accountId]);
      assert(row !== undefined, 'a count is one row');
      return {
        orders: integer(row, 'orders'),
        uploads: integer(row, 'uploads'),
        openLines: integer(row, 'open_lines'),
      };
    },
    orderTotals: async () => {
      const sql = `select state, count(*) as orders, min(accepted_at) as oldest from orders where ${IS_LIVE}
        group by state`;
      const rows = await session.sql(sql);
      const accepted = rows.flatMap((row) => integerOrNull(row, 'oldest') ?? []);
      const [first] = await session.sql(`select min(finished_at) as since from orders where ${LACKS_RECEIPT}`);
      return {
        byState: Object.fromEntries(rows.map((row) => [oneOf(row, 'state', ORDER_STATES), integer(row, 'orders')])),
        oldestAt: accepted.length === 0 ? null : Math.min(...accepted),
        unsignedAt: first === undefined ? null : integerOrNull(first, 'since'),
      };
    },
    acknowledgedLines: async (ids) => {
      if (ids.length === 0) return new Map();
      const sql = `select order_id, count(distinct line) as lines from card_acknowledgements
        where order_id in ${placeholders(ids.length)} and result = 'accepted' group by order_id`;
      const rows = await session.sql(sql, [...ids]);
      return new Map(rows.map((row) => [text(row, 'order_id'), integer(row, 'lines')]));
    },
  };
}

export function orderWrites(session: Session): OrderWrites {
  return {
    ...partWrites(session),
    ...lineWrites(session),
    insertOrder: (order) => insert(session, 'orders', [columnsOf(order)]),
    changeOrder: async (id, expectedVersion, changes) => {
      const columns = { ...changedColumnsOf(changes), version: expectedVersion + 1 };
      const query = session.db('orders').where({ id, version: expectedVersion }).update(columns);
      return (await session.changes(query)) === 1;
    },
    moveCursor: async (id, nextLine) => {
      const moved = await session.sql('update orders set next_line = ? where id = ? returning id', [nextLine, id]);
      assert(moved.length === 1, 'an order that is there');
    },
  };
}
