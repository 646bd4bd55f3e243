/** Converts rows of `orders` to orders, and orders to columns. */
import type { Knex } from 'knex';
import { assert } from '../../../kernel/assert.js';
import type { RunId } from '../../../ports/node.js';
import {
  ORDER_OUTCOMES,
  ORDER_STATES,
  type Order,
  type OrderChanges,
  type OrderCounts,
} from '../../../ports/store/orders.js';
import { COUNT_COLUMNS } from '../../schema/orders.js';
import { blob, bytesOrNull, flag, integer, integerOrNull, oneOf, type Row, text, textOrNull } from '../columns.js';

export function orderOf(row: Row): Order {
  const counts = ORDER_OUTCOMES.map((outcome) => [outcome, integer(row, COUNT_COLUMNS[outcome])] as const);
  return {
    id: text(row, 'id'),
    accountId: text(row, 'account_id'),
    bureauId: textOrNull(row, 'bureau_id'),
    idempotencyKey: textOrNull(row, 'idempotency_key'),
    reference: textOrNull(row, 'reference'),
    dryRun: flag(row, 'dry_run'),
    state: oneOf(row, 'state', ORDER_STATES),
    stateAt: integer(row, 'state_at'),
    pausedBy: textOrNull(row, 'paused_by'),
    receivingRun: text(row, 'receiving_run') as RunId,
    receivedAt: integer(row, 'received_at'),
    acceptedAt: integerOrNull(row, 'accepted_at'),
    finishedAt: integerOrNull(row, 'finished_at'),
    deadlineAt: integerOrNull(row, 'deadline_at'),
    octets: integer(row, 'octets'),
    lines: integer(row, 'lines'),
    requestSha256: textOrNull(row, 'request_sha256'),
    nextLine: integer(row, 'next_line'),
    counts: Object.fromEntries(counts) as OrderCounts,
    resultsSha256: textOrNull(row, 'results_sha256'),
    bundleSha256: textOrNull(row, 'bundle_sha256'),
    receipt: textOrNull(row, 'receipt'),
    receiptSignature: bytesOrNull(row, 'receipt_signature'),
    requestId: textOrNull(row, 'request_id'),
    version: integer(row, 'version'),
  };
}

export function columnsOf(order: Order): Readonly<Record<string, Knex.Value>> {
  const counts = ORDER_OUTCOMES.map((outcome) => [COUNT_COLUMNS[outcome], order.counts[outcome]] as const);
  return {
    id: order.id,
    account_id: order.accountId,
    bureau_id: order.bureauId,
    idempotency_key: order.idempotencyKey,
    reference: order.reference,
    dry_run: order.dryRun,
    receiving_run: order.receivingRun,
    received_at: order.receivedAt,
    next_line: order.nextLine,
    ...Object.fromEntries(counts),
    request_id: order.requestId,
    version: order.version,
    ...changedColumnsOf(order),
  };
}

const CHANGED_COLUMNS: { readonly [Name in keyof OrderChanges]-?: string } = {
  state: 'state',
  stateAt: 'state_at',
  pausedBy: 'paused_by',
  acceptedAt: 'accepted_at',
  finishedAt: 'finished_at',
  deadlineAt: 'deadline_at',
  octets: 'octets',
  lines: 'lines',
  requestSha256: 'request_sha256',
  resultsSha256: 'results_sha256',
  bundleSha256: 'bundle_sha256',
  receipt: 'receipt',
  receiptSignature: 'receipt_signature',
};

/** Returns the columns of what changes. What is left out stays as it is. */
export function changedColumnsOf(changes: OrderChanges): Readonly<Record<string, Knex.Value>> {
  const columns = Object.entries(CHANGED_COLUMNS).flatMap(([name, column]) => {
    const value = changes[name as keyof OrderChanges];
    if (value === undefined) return [];
    return [[column, value instanceof Uint8Array ? blob(value) : value] as const];
  });
  assert(columns.length > 0, 'a change of an order');
  return Object.fromEntries(columns);
}
