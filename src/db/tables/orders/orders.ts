/**
 * The tables of orders. Reads and writes orders, and counts what accounts have under way. Rows name
 * orders without a foreign key, which would be checked for each of a million lines; no order is
 * ever deleted.
 */
import { assert } from '../../../kernel/assert.js';
import type { RunId } from '../../../ports/node.js';
import {
  FINAL_ORDER_STATES,
  LIVE_ORDER_STATES,
  ORDER_STATES,
  type Order,
  type OrderReads,
  type OrderState,
  type OrderWrites,
} from '../../../ports/store/orders.js';
import { insert, placeholders } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { anyDiffers, NEVER_DELETED } from '../../schema/guards.js';
import { bigInteger, bytes, columnEach, fixedGuard, flag, onceGuard, oneOf, table, text, time } from '../../table.js';
import * as columns from '../columns.js';
import { AFTER_ALL_IDS } from '../columns.js';
import { cardAcknowledgements } from './acknowledgements.js';
import { COUNT_COLUMNS, foreseenKeys, lineReads, lineWrites, orderLines, orderProblems } from './lines.js';
import { orderParts, partReads, partWrites } from './parts.js';

/**
 * Returns a list for SQL. States are literals in the SQL and not parameters, so that the planner
 * can use partial indexes.
 */
function listOf(states: readonly OrderState[]): string {
  return `(${states.map((state) => `'${state}'`).join(', ')})`;
}

const LIVE_STATES = listOf(LIVE_ORDER_STATES);
const FINAL_STATES = listOf(FINAL_ORDER_STATES);
const COUNTS = Object.values(COUNT_COLUMNS);

/** `request_sha256` and `deadline_at` are set from the acceptance of the upload on. */
const STATE_CHECK = `
  (state in ${LIVE_STATES} or state in ${FINAL_STATES})
  and (state in ${FINAL_STATES}) = (finished_at is not null)
  and (state in ('receiving', 'discarded') or accepted_at is not null)
  and (state = 'paused') = (paused_by is not null)
  and (accepted_at is null) = (request_sha256 is null)
  and (accepted_at is null) = (deadline_at is null)`;

const COUNTS_CHECK = `
  ${COUNTS.map((column) => `${column} >= 0`).join(' and ')} and ${COUNTS.join(' + ')} <= lines
  and next_line between 1 and lines + 1`;

/** Columns that do not change after the acceptance of the upload. */
const UPLOAD_COLUMNS = ['accepted_at', 'deadline_at', 'octets', 'lines', 'request_sha256'];
const PROGRESS_COLUMNS = ['state', 'state_at', 'paused_by', 'finished_at', 'next_line', ...COUNTS];

/**
 * Ids ascend in time, so an index such as `(account_id, id)` returns the rows of one account in the
 * order of creation.
 */
const orders = table<Order>(
  'orders',
  {
    id: text(36).primary().fixed(),
    accountId: text(128).fixed(),
    bureauId: text(128).nullable().fixed(),
    idempotencyKey: text(128).nullable().fixed(),
    reference: text(128).nullable().fixed(),
    dryRun: flag().fixed(),
    state: oneOf(ORDER_STATES, 16),
    stateAt: time(),
    pausedBy: text(128).nullable(),
    receivingRun: text<RunId>(32).fixed(),
    receivedAt: time().fixed(),
    acceptedAt: time().nullable(),
    finishedAt: time().nullable(),
    deadlineAt: time().nullable(),
    octets: bigInteger(),
    lines: bigInteger(),
    requestSha256: text(64).nullable(),
    nextLine: bigInteger(),
    counts: columnEach(COUNT_COLUMNS, bigInteger()),
    resultsSha256: text(64).nullable().once(),
    bundleSha256: text(64).nullable().once(),
    requestId: text(36).nullable().fixed(),
    version: bigInteger(),
    receipt: text().nullable().once(),
    receiptSignature: bytes().nullable().once(),
  },
  {
    checks: {
      orders_state: STATE_CHECK,
      orders_counts: COUNTS_CHECK,
      orders_size: 'octets >= 0 and lines >= 0',
      orders_receipt: '(receipt is null) = (receipt_signature is null)',
    },
    indexes: {
      orders_account: '(account_id, id)',
      orders_bureau: '(bureau_id, id) where bureau_id is not null',
      orders_live: `(id) where state in ${LIVE_STATES}`,
      orders_live_of: `(account_id) where state in ${LIVE_STATES}`,
      orders_unsigned: '(id) where bundle_sha256 is not null and receipt is null',
    },
    uniqueIndexes: {
      // A discarded order does not occupy its idempotency key.
      orders_key: `(account_id, idempotency_key)
      where idempotency_key is not null and state <> 'discarded'`,
    },
    guards: [
      NEVER_DELETED,
      fixedGuard('what an order began with stays'),
      {
        name: 'upload',
        on: 'update',
        when: `old.state <> 'receiving' and (${anyDiffers(UPLOAD_COLUMNS)})`,
        says: 'an accepted upload does not change',
      },
      {
        name: 'received',
        on: 'update',
        when: `new.state = 'receiving' and old.state <> 'receiving'`,
        says: 'an upload is received once',
      },
      {
        name: 'ended',
        on: 'update',
        when: `old.state in ${FINAL_STATES} and (${anyDiffers(PROGRESS_COLUMNS)})`,
        says: 'an order that has ended does not change',
      },
      {
        name: 'grows',
        on: 'update',
        when: ['next_line', 'octets', 'lines', 'version', ...COUNTS]
          .map((column) => `new.${column} < old.${column}`)
          .join(' or '),
        says: 'counts never fall',
      },
      onceGuard('hashes and receipts are written once'),
    ],
  },
);

export const ORDER_TABLES = [orders, orderParts, orderLines, orderProblems, foreseenKeys, cardAcknowledgements];

/** SQL condition of the partial indexes of orders that have not ended. */
const IS_LIVE = `state in ${LIVE_STATES}`;

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
const SETTLED_LINES = COUNTS.join(' + ');

export function orderReads(session: Session): OrderReads {
  return {
    ...partReads(session),
    ...lineReads(session),
    order: async (id) => {
      const [row] = await session.sql('select * from orders where id = ?', [id]);
      return row === undefined ? null : orders.read(row);
    },
    orderByKey: async (accountId, idempotencyKey) => {
      const [row] = await session.sql(
        `select * from orders where account_id = ? and idempotency_key = ? and state <> 'discarded'`,
        [accountId, idempotencyKey],
      );
      return row === undefined ? null : orders.read(row);
    },
    ordersPage: async ({ accountId, state, limit, before }) => {
      const below = before ?? AFTER_ALL_IDS;
      const wanted = state === undefined ? ORDER_STATES : [state];
      const filter = `and state in ${listOf(wanted)}`;
      if (accountId === null) {
        const sql = `select * from orders where id < ? ${filter} order by id desc limit ?`;
        return (await session.sql(sql, [below, limit])).map(orders.read);
      }
      const ofOne = [accountId, below, limit];
      const rows = await session.sql(visibleSql(filter), [...ofOne, ...ofOne, limit]);
      return rows.map(orders.read);
    },
    workableOrders: async (now, limit) => {
      const sql = `select * from orders where ${IS_LIVE}
        and (state in ('accepted', 'working', 'cancelling') or deadline_at <= ?) order by id limit ?`;
      return (await session.sql(sql, [now, limit])).map(orders.read);
    },
    settledOrders: async (now, limit) => {
      const sql = `select id from orders where ${IS_LIVE} and (state in ('working', 'cancelling') or deadline_at <= ?)
        and ${SETTLED_LINES} = lines order by id limit ?`;
      return (await session.sql(sql, [now, limit])).map((row) => columns.text(row, 'id'));
    },
    ordersWithoutReceipt: async (limit) => {
      const sql = `select id from orders where ${LACKS_RECEIPT} order by id limit ?`;
      return (await session.sql(sql, [limit])).map((row) => columns.text(row, 'id'));
    },
    runningOrdersOf: async (accountId) => {
      const sql = `select * from orders where account_id = ? and ${IS_LIVE} and state in ('accepted', 'working')
        order by id`;
      return (await session.sql(sql, [accountId])).map(orders.read);
    },
    uploads: async () => {
      const sql = `select o.id, r.run, r.ended_at from orders o join runs r on r.run = o.receiving_run
        where o.${IS_LIVE} and o.state = 'receiving' order by o.id`;
      return (await session.sql(sql)).map((row) => ({
        id: columns.text(row, 'id'),
        run: columns.text(row, 'run') as RunId,
        isRunLive: columns.integerOrNull(row, 'ended_at') === null,
      }));
    },
    orderUse: async (accountId) => {
      const sql = `select count(*) as orders, count(case when state = 'receiving' then 1 end) as uploads,
          cast(coalesce(sum(lines - (${SETTLED_LINES})), 0) as bigint) as open_lines
        from orders where account_id = ? and ${IS_LIVE}`;
      const [row] = await session.sql(sql, [accountId]);
      assert(row !== undefined, 'a count is one row');
      return {
        orders: columns.integer(row, 'orders'),
        uploads: columns.integer(row, 'uploads'),
        openLines: columns.integer(row, 'open_lines'),
      };
    },
    orderTotals: async () => {
      const sql = `select state, count(*) as orders, min(accepted_at) as oldest from orders where ${IS_LIVE}
        group by state`;
      const rows = await session.sql(sql);
      const accepted = rows.flatMap((row) => columns.integerOrNull(row, 'oldest') ?? []);
      const [first] = await session.sql(`select min(finished_at) as since from orders where ${LACKS_RECEIPT}`);
      return {
        byState: Object.fromEntries(
          rows.map((row) => [columns.oneOf(row, 'state', ORDER_STATES), columns.integer(row, 'orders')]),
        ),
        oldestAt: accepted.length === 0 ? null : Math.min(...accepted),
        unsignedAt: first === undefined ? null : columns.integerOrNull(first, 'since'),
      };
    },
    acknowledgedLines: async (ids) => {
      if (ids.length === 0) return new Map();
      const sql = `select order_id, count(distinct line) as lines from card_acknowledgements
        where order_id in ${placeholders(ids.length)} and result = 'accepted' group by order_id`;
      const rows = await session.sql(sql, [...ids]);
      return new Map(rows.map((row) => [columns.text(row, 'order_id'), columns.integer(row, 'lines')]));
    },
  };
}

export function orderWrites(session: Session): OrderWrites {
  return {
    ...partWrites(session),
    ...lineWrites(session),
    insertOrder: (order) => insert(session, 'orders', [orders.write(order)]),
    changeOrder: async (id, expectedVersion, changes) => {
      const changed = { ...orders.change(changes), version: expectedVersion + 1 };
      const query = session.db('orders').where({ id, version: expectedVersion }).update(changed);
      return (await session.changes(query)) === 1;
    },
    moveCursor: async (id, nextLine) => {
      const moved = await session.sql('update orders set next_line = ? where id = ? returning id', [nextLine, id]);
      assert(moved.length === 1, 'an order that is there');
    },
  };
}
