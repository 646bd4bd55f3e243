/**
 * The query plans of each database for orders and webhooks. Without their indexes, jobs would read
 * all orders and events that ever were, every second.
 */
import assert from 'node:assert/strict';
import { orderReads } from '../../../src/db/tables/orders/orders.js';
import { deliveryReads } from '../../../src/db/tables/outbox/deliveries.js';
import { outboxReads } from '../../../src/db/tables/outbox/events.js';
import type { OrderReads } from '../../../src/ports/store/orders.js';
import type { DeliveryReads } from '../../../src/ports/store/outbox/deliveries.js';
import type { OutboxReads } from '../../../src/ports/store/outbox/events.js';
import { describeOnEach } from '../../support/db/fixture.js';
import { firstStatement, indexInPlan, planOf } from '../../support/db/plans.js';
import { NOW } from '../../support/db/records.js';

type Reads = OrderReads & DeliveryReads & OutboxReads;
type Question = { readonly ask: (reads: Reads) => Promise<unknown>; readonly indexes: readonly string[] };

const PAGE = { limit: 9 };
const OF_ORDER = { id: 'x', after: 1, limit: 9 };

/** One of these indexes. Planners choose between those that are about as small. */
const LIVE = 'orders_live(?:_of)?';
const LIVE_OF = 'orders_(?:live_of|account)';

/** Each question, and the indexes that answer it, as regular expressions. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  'orders to work on': { ask: (reads) => reads.workableOrders(NOW, 9), indexes: [LIVE] },
  'orders to end': { ask: (reads) => reads.settledOrders(NOW, 9), indexes: [LIVE] },
  'orders without a receipt': { ask: (reads) => reads.ordersWithoutReceipt(9), indexes: ['orders_unsigned'] },
  'running orders of an account': { ask: (reads) => reads.runningOrdersOf('x'), indexes: [LIVE_OF] },
  'what an account has under way': { ask: (reads) => reads.orderUse('x'), indexes: [LIVE_OF] },
  'the order of a key': { ask: (reads) => reads.orderByKey('x', 'x'), indexes: ['orders_key'] },
  'orders that an account sees': {
    ask: (reads) => reads.ordersPage({ accountId: 'x', before: null, ...PAGE }),
    indexes: ['orders_account', 'orders_bureau'],
  },
  'uploads under way': { ask: (reads) => reads.uploads(), indexes: [LIVE] },
  'totals of orders': { ask: (reads) => reads.orderTotals(), indexes: [LIVE] },
  'the part of a line': { ask: (reads) => reads.orderPart('x', 1), indexes: ['order_parts_lines'] },
  'orders with old parts': { ask: (reads) => reads.ordersWithOldParts(NOW, 9), indexes: ['order_parts_first'] },
  'lines after another one': { ask: (reads) => reads.orderLinesAfter(OF_ORDER), indexes: ['order_lines_pkey'] },
  'failed lines after another one': {
    ask: (reads) => reads.failedLinesAfter(OF_ORDER),
    indexes: ['order_lines_failed'],
  },
  'problems of an order': { ask: (reads) => reads.orderProblems('x'), indexes: ['order_problems_pkey'] },
  'lines with an outcome': { ask: (reads) => reads.settledAmong('x', [1, 2]), indexes: ['order_lines_pkey'] },
  'foreseen keys': {
    ask: (reads) => reads.foreseenKeys('x', { cardTokenId: 'x', keys: ['x', 'y'] }),
    indexes: ['order_lines_card', 'foreseen_keys_once'],
  },
  'deliveries that are due': {
    ask: (reads) => reads.dueDeliveries({ endpoint: 'x', now: NOW, ...PAGE }),
    indexes: ['webhook_deliveries_due', 'webhook_deliveries_unfinished'],
  },
  'dead deliveries': {
    ask: (reads) => reads.deliveries({ endpoint: 'x', state: 'dead', ...PAGE }),
    indexes: ['webhook_deliveries_dead'],
  },
  'events after another one': { ask: (reads) => reads.eventsAfter({ after: 1, ...PAGE }), indexes: ['outbox_pkey'] },
};

describeOnEach('the plans for orders and webhooks', ({ kind, fresh, opened }) => {
  const statementOf = ({ ask }: Question): Promise<string> =>
    firstStatement(kind, (session) =>
      ask({ ...orderReads(session), ...deliveryReads(session), ...outboxReads(session) }),
    );

  it('use the indexes that are made for them, and read no table from its beginning', async () => {
    const database = await fresh();
    await opened({ database });
    const reading = kind === 'sqlite' ? /SCAN (orders|order_\w+|webhook_\w+|outbox)\b(?! USING)/ : /Seq Scan/;
    for (const [name, question] of Object.entries(QUESTIONS)) {
      const plan = await planOf(database, await statementOf(question));
      for (const index of question.indexes) assert.match(plan, indexInPlan(kind, index), `${name}: ${plan}`);
      assert.doesNotMatch(plan, reading, `${name}: ${plan}`);
    }
  });
});
