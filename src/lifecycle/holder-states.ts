/** The states of a holder: every state against every event, as one table. */
import { err, ok, type Result } from '../kernel/result.js';
import type { HolderState } from '../ports/store/cards/cards.js';
import { type Fault, fault } from '../texts/text.js';

export type HolderEvent =
  /** A certificate for the holder is reserved, or a card of the holder is replaced. */
  | 'use'
  /** All certificates of the holder are revoked for `privilegeWithdrawn`. */
  | 'bar'
  /** Two officers lift the bar. */
  | 'unbar';

type HolderRule = 'holder-barred' | 'holder-not-barred';
type StateConflict = { readonly kind: 'state-conflict' } & Fault;

/** `to` may be the state itself: the event changes nothing. */
type Cell = { readonly to: HolderState } | { readonly refused: HolderRule };

/** Each row is a state before the event. */
const HOLDER_TRANSITIONS: Readonly<Record<HolderState, Readonly<Record<HolderEvent, Cell>>>> = {
  free: { use: { to: 'free' }, bar: { to: 'barred' }, unbar: { refused: 'holder-not-barred' } },
  barred: { use: { refused: 'holder-barred' }, bar: { to: 'barred' }, unbar: { to: 'free' } },
};

/** Returns the state after the event, or why there is none. */
export function decideHolder(
  state: HolderState,
  event: HolderEvent,
  holderId: string,
): Result<HolderState, StateConflict> {
  const cell = HOLDER_TRANSITIONS[state][event];
  return 'to' in cell ? ok(cell.to) : err({ kind: 'state-conflict', ...fault(cell.refused, { holder: holderId }) });
}
