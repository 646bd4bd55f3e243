/** Orders and lines to put into a database. */
import { recordIdFrom } from '../../../src/issuance/intent.js';
import { ORDER_OUTCOMES, type Order, type OrderCounts, type SettledLine } from '../../../src/ports/store/orders.js';
import { NOW, RUN } from '../db/records.js';

/** An order that is being received. Ids ascend with the number. */
export function orderRecord(number: number, more: Partial<Order> = {}): Order {
  return {
    id: recordIdFrom(NOW + number, new Uint8Array(10)),
    accountId: 'cards',
    bureauId: null,
    idempotencyKey: null,
    reference: null,
    dryRun: false,
    state: 'receiving',
    stateAt: NOW,
    pausedBy: null,
    receivingRun: RUN,
    receivedAt: NOW,
    acceptedAt: null,
    finishedAt: null,
    deadlineAt: null,
    octets: 0,
    lines: 0,
    requestSha256: null,
    nextLine: 1,
    counts: Object.fromEntries(ORDER_OUTCOMES.map((outcome) => [outcome, 0])) as OrderCounts,
    resultsSha256: null,
    bundleSha256: null,
    receipt: null,
    receiptSignature: null,
    requestId: null,
    version: 1,
    ...more,
  };
}

/** An order with this many lines that waits for a worker. */
export function acceptedOrder(number: number, lines: number, more: Partial<Order> = {}): Order {
  const accepted = {
    acceptedAt: NOW,
    deadlineAt: NOW + 1_000,
    octets: 10 * lines,
    lines,
    requestSha256: 'e'.repeat(64),
  };
  return orderRecord(number, { state: 'accepted', ...accepted, ...more });
}

export function settledLine(order: Order, line: number, more: Partial<SettledLine> = {}): SettledLine {
  const result = `{"card":null,"line":${line},"outcome":"refused"}`;
  return { orderId: order.id, line, outcome: 'refused', cardTokenId: null, result, settledAt: NOW, ...more };
}
