/**
 * What is known of a line: it has its outcome (a row), it is under way (a claim, and open intents
 * that recovery finishes if nobody else does), or it waits. Only waiting lines are worked on.
 */
import { lineClaim, type OrderLine } from '../../../orders/progress.js';
import type { Lease } from '../../../ports/store/leases.js';
import type { Order } from '../../../ports/store/orders.js';
import type { Reads, Transaction } from '../../../ports/store.js';

type LineState = 'waiting' | 'under-way' | 'settled';

/** The claims of lines are compared by their names only: the octets of a line never change. */
const SAME_OCTETS = '';

export async function lineStates(
  reads: Pick<Reads, 'settledAmong' | 'peekClaims'>,
  { id, accountId }: Pick<Order, 'id' | 'accountId'>,
  lines: readonly number[],
): Promise<ReadonlyMap<number, LineState>> {
  const settled = await reads.settledAmong(id, lines);
  const open = lines.filter((line) => !settled.has(line));
  const claims = open.map((line) => ({ claim: lineClaim(accountId, { orderId: id, line }), bodySha256: SAME_OCTETS }));
  const found = claims.length === 0 ? [] : await reads.peekClaims(claims);
  const states = new Map<number, LineState>([...settled].map((line) => [line, 'settled']));
  for (const [at, line] of open.entries()) states.set(line, found[at]?.kind === 'claimed' ? 'waiting' : 'under-way');
  return states;
}

/** A line, and the lease of its order under which it is worked on. */
export type LeasedLine = OrderLine & { readonly lease: Lease };

/**
 * Returns the lines that may be reserved or settled in this transaction: their order is working,
 * the lease is still held, and the lines wait. Otherwise a process that was paused for longer than
 * its lease would work on lines that another process has.
 */
export async function workableLines<Line extends LeasedLine>(
  tx: Pick<Transaction, 'settledAmong' | 'peekClaims' | 'isLeaseCurrent' | 'order'>,
  lines: readonly Line[],
): Promise<ReadonlySet<Line>> {
  const workable = new Set<Line>();
  for (const orderId of new Set(lines.map((line) => line.orderId))) {
    const ofOrder = lines.filter((line) => line.orderId === orderId);
    const order = await workingOrder(tx, ofOrder);
    if (order === null) continue;
    const states = await lineStates(
      tx,
      order,
      ofOrder.map(({ line }) => line),
    );
    for (const one of ofOrder) if (states.get(one.line) === 'waiting') workable.add(one);
  }
  return workable;
}

/** null: nothing may be done for the order now. Its lines have the lease of one turn. */
async function workingOrder(
  tx: Pick<Transaction, 'isLeaseCurrent' | 'order'>,
  [first]: readonly LeasedLine[],
): Promise<Order | null> {
  if (first === undefined || !(await tx.isLeaseCurrent(first.lease))) return null;
  const order = await tx.order(first.orderId);
  return order?.state === 'working' ? order : null;
}
