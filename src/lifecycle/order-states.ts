/**
 * The life of an order: every state against every event, as one table. A request that is repeated
 * in the state that it leads to changes nothing and succeeds, so that a client may send it again
 * after a lost answer.
 */
import { err, ok, type Result } from '../kernel/result.js';
import type { OrderState } from '../ports/store/orders.js';
import { type Fault, fault } from '../texts/text.js';

export type OrderEvent =
  /** The last part is stored, and the digest agrees. */
  | 'accept'
  /** As `accept`, for a client that wants to start the order later. */
  | 'accept-paused'
  /** The upload cannot be completed: its parts are removed, and its key is free. */
  | 'discard'
  /** A worker begins, or goes on after a restart. */
  | 'start'
  | 'pause'
  | 'resume'
  | 'cancel'
  /** Every line has an outcome, after a cancellation too. */
  | 'finish'
  /** The deadline has passed, and the lines that were left have got `not-issued`. */
  | 'expire';

type OrderRule =
  | 'order-receiving'
  | 'order-received'
  | 'order-waiting'
  | 'order-paused'
  | 'order-cancelling'
  | 'order-ended';

type StateConflict = { readonly kind: 'state-conflict' } & Fault;

/** `to` may be the state itself: the event changes nothing. */
type Cell = { readonly to: OrderState } | { readonly refused: OrderRule };

const receiving: Cell = { refused: 'order-receiving' };
const received: Cell = { refused: 'order-received' };
const waiting: Cell = { refused: 'order-waiting' };
const paused: Cell = { refused: 'order-paused' };
const cancelling: Cell = { refused: 'order-cancelling' };
const ended: Cell = { refused: 'order-ended' };

/** Each row is a state before the event. Nothing leaves `cancelled`, `finished` and `discarded`. */
export const ORDER_TRANSITIONS: Readonly<Record<OrderState, Readonly<Record<OrderEvent, Cell>>>> = {
  receiving: {
    accept: { to: 'accepted' },
    'accept-paused': { to: 'paused' },
    discard: { to: 'discarded' },
    start: receiving,
    pause: receiving,
    resume: receiving,
    cancel: receiving,
    finish: receiving,
    expire: receiving,
  },
  accepted: {
    accept: received,
    'accept-paused': received,
    discard: received,
    start: { to: 'working' },
    pause: { to: 'paused' },
    resume: { to: 'accepted' },
    cancel: { to: 'cancelling' },
    finish: waiting,
    expire: { to: 'finished' },
  },
  working: {
    accept: received,
    'accept-paused': received,
    discard: received,
    start: { to: 'working' },
    pause: { to: 'paused' },
    resume: { to: 'working' },
    cancel: { to: 'cancelling' },
    finish: { to: 'finished' },
    expire: { to: 'finished' },
  },
  paused: {
    accept: received,
    'accept-paused': received,
    discard: received,
    start: paused,
    pause: { to: 'paused' },
    resume: { to: 'accepted' },
    cancel: { to: 'cancelling' },
    // Lines that were under way when it was paused may have been the last ones. Its end is recorded
    // when it is resumed, or at the deadline.
    finish: paused,
    expire: { to: 'finished' },
  },
  cancelling: {
    accept: received,
    'accept-paused': received,
    discard: received,
    start: cancelling,
    pause: cancelling,
    resume: cancelling,
    cancel: { to: 'cancelling' },
    finish: { to: 'cancelled' },
    // The lines that are left get `cancelled`, also after the deadline.
    expire: cancelling,
  },
  cancelled: {
    accept: received,
    'accept-paused': received,
    discard: received,
    start: ended,
    pause: ended,
    resume: ended,
    cancel: { to: 'cancelled' },
    finish: { to: 'cancelled' },
    expire: ended,
  },
  finished: {
    accept: received,
    'accept-paused': received,
    discard: received,
    start: ended,
    pause: ended,
    resume: ended,
    cancel: ended,
    finish: { to: 'finished' },
    expire: { to: 'finished' },
  },
  discarded: {
    accept: ended,
    'accept-paused': ended,
    discard: { to: 'discarded' },
    start: ended,
    pause: ended,
    resume: ended,
    cancel: ended,
    finish: ended,
    expire: ended,
  },
};

/**
 * Returns the state after the event, or why there is none. The caller has read the order in its
 * transaction, and writes the result.
 */
export function decideOrder(state: OrderState, event: OrderEvent): Result<OrderState, StateConflict> {
  const cell = ORDER_TRANSITIONS[state][event];
  return 'to' in cell ? ok(cell.to) : err({ kind: 'state-conflict', ...fault(cell.refused, { state }) });
}
