/**
 * The life of a remote update: every state against every event, as one table. Until the card has
 * spoken nobody knows which set of keys it holds, so an update whose time is over does not end: it
 * becomes `undetermined`, and both sets stay valid. A repeated confirmation or abandonment changes
 * nothing and succeeds, so that a client may send it again after a lost answer.
 */
import { err, ok, type Result } from '../kernel/result.js';
import type { UpdateState } from '../ports/store/cards/card-updates.js';
import { type Fault, fault } from '../texts/text.js';

export type UpdateEvent =
  /** All signatures are stored. */
  | 'offer'
  /** The intents are given up. */
  | 'give-up'
  /** The account is about to send the first write command. */
  | 'write'
  /** The card says that it holds the new set. */
  | 'confirm'
  /** The account says that nothing was written. */
  | 'abandon-by-account'
  /** The card says that it holds nothing new. */
  | 'abandon-by-card'
  /** confirmBy has passed. */
  | 'expire'
  /** Two officers decide that the card holds the new set, or that it does not. */
  | 'decide-confirmed'
  | 'decide-abandoned'
  /** Every old certificate was revoked or has expired. */
  | 'old-ended'
  /** The overlap is over. */
  | 'complete'
  /** The card is opposed or returned, its holder is barred, or all new certificates are revoked. */
  | 'end';

type UpdateRule = 'update-issuing' | 'update-writing' | 'update-determined' | 'update-offered' | 'update-ended';

type StateConflict = { readonly kind: 'state-conflict' } & Fault;

/** `to` may be the state itself: the event changes nothing. */
type Cell = { readonly to: UpdateState } | { readonly refused: UpdateRule };

const issuing: Cell = { refused: 'update-issuing' };
const offered: Cell = { refused: 'update-offered' };
const writing: Cell = { refused: 'update-writing' };
const determined: Cell = { refused: 'update-determined' };
const ended: Cell = { refused: 'update-ended' };

/** Each row is a state before the event. Nothing leaves the states of the last four rows. */
export const UPDATE_TRANSITIONS: Readonly<Record<UpdateState, Readonly<Record<UpdateEvent, Cell>>>> = {
  issuing: {
    offer: { to: 'offered' },
    'give-up': { to: 'failed' },
    write: issuing,
    confirm: issuing,
    'abandon-by-account': issuing,
    'abandon-by-card': issuing,
    expire: issuing,
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': issuing,
    complete: issuing,
    end: { to: 'ended' },
  },
  offered: {
    offer: offered,
    'give-up': offered,
    write: { to: 'writing' },
    confirm: { to: 'confirmed' },
    'abandon-by-account': { to: 'abandoned' },
    'abandon-by-card': { to: 'abandoned' },
    expire: { to: 'undetermined' },
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': offered,
    complete: offered,
    end: { to: 'ended' },
  },
  writing: {
    offer: offered,
    'give-up': offered,
    write: { to: 'writing' },
    confirm: { to: 'confirmed' },
    // Something may be on the card, so only the card can say that it is not.
    'abandon-by-account': writing,
    'abandon-by-card': { to: 'abandoned' },
    expire: { to: 'undetermined' },
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': offered,
    complete: offered,
    end: { to: 'ended' },
  },
  undetermined: {
    offer: offered,
    'give-up': offered,
    write: writing,
    confirm: { to: 'confirmed' },
    'abandon-by-account': writing,
    'abandon-by-card': { to: 'abandoned' },
    expire: { to: 'undetermined' },
    'decide-confirmed': { to: 'confirmed' },
    'decide-abandoned': { to: 'abandoned' },
    'old-ended': { to: 'confirmed' },
    complete: offered,
    end: { to: 'ended' },
  },
  confirmed: {
    offer: ended,
    'give-up': ended,
    write: ended,
    confirm: { to: 'confirmed' },
    'abandon-by-account': ended,
    'abandon-by-card': ended,
    expire: ended,
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': { to: 'confirmed' },
    complete: { to: 'completed' },
    end: { to: 'ended' },
  },
  completed: {
    offer: ended,
    'give-up': ended,
    write: ended,
    confirm: { to: 'completed' },
    'abandon-by-account': ended,
    'abandon-by-card': ended,
    expire: ended,
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': ended,
    complete: { to: 'completed' },
    end: ended,
  },
  abandoned: {
    offer: ended,
    'give-up': ended,
    write: ended,
    confirm: ended,
    'abandon-by-account': { to: 'abandoned' },
    'abandon-by-card': { to: 'abandoned' },
    expire: ended,
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': ended,
    complete: ended,
    end: ended,
  },
  failed: {
    offer: ended,
    'give-up': { to: 'failed' },
    write: ended,
    confirm: ended,
    'abandon-by-account': ended,
    'abandon-by-card': ended,
    expire: ended,
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': ended,
    complete: ended,
    end: ended,
  },
  ended: {
    offer: ended,
    'give-up': ended,
    write: ended,
    confirm: ended,
    'abandon-by-account': ended,
    'abandon-by-card': ended,
    expire: ended,
    'decide-confirmed': determined,
    'decide-abandoned': determined,
    'old-ended': ended,
    complete: ended,
    end: { to: 'ended' },
  },
};

/**
 * Returns the state after the event, or why there is none. The caller has read the update in its
 * transaction, and writes the result.
 */
export function decideUpdateState(state: UpdateState, event: UpdateEvent): Result<UpdateState, StateConflict> {
  const cell = UPDATE_TRANSITIONS[state][event];
  return 'to' in cell ? ok(cell.to) : err({ kind: 'state-conflict', ...fault(cell.refused, { state }) });
}
