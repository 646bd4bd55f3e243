/**
 * The life of a card: every state against every event, as one table. A revocation that is repeated
 * changes nothing and succeeds, so that a lost card can be reported twice.
 */
import { err, ok, type Result } from '../kernel/result.js';
import type { CardState, HolderState } from '../ports/store/cards/cards.js';
import type { RevocationReason } from '../ports/store/statuses.js';
import { type Fault, fault } from '../texts/text.js';

/** The states of a holder: every state against every event, as one table. */

export type HolderEvent =
  /** A certificate for the holder is reserved, or a card of the holder is replaced. */
  | 'use'
  /** All certificates of the holder are revoked for `privilegeWithdrawn`. */
  | 'bar'
  /** Two officers lift the bar. */
  | 'unbar';

type HolderRule = 'holder-barred' | 'holder-not-barred';

/** Each row is a state before the event. */
const HOLDER_TRANSITIONS: Readonly<Record<HolderState, Readonly<Record<HolderEvent, Cell<HolderState, HolderRule>>>>> =
  {
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

export type CardEvent =
  /** A certificate is reserved, capabilities are reported, or it is named as a replacement. */
  | 'use'
  /** As `use`, where the environment does not refuse cards that have ended. */
  | 'use-again'
  /** Its certificates are revoked because it has got new ones. */
  | 'supersede'
  /** Its certificates are revoked because it is out of use, or its replacement is complete. */
  | 'return'
  /** Its certificates are revoked for any other reason: nobody may use it any more. */
  | 'oppose';

type CardRule = 'card-opposed' | 'card-returned';
type StateConflict = { readonly kind: 'state-conflict' } & Fault;

/** `to` may be the state itself: the event changes nothing. */
type Cell<State, Rule> = { readonly to: State } | { readonly refused: Rule };

/** Each row is a state before the event. */
export const CARD_TRANSITIONS: Readonly<Record<CardState, Readonly<Record<CardEvent, Cell<CardState, CardRule>>>>> = {
  'in-use': {
    use: { to: 'in-use' },
    'use-again': { to: 'in-use' },
    supersede: { to: 'in-use' },
    return: { to: 'returned' },
    oppose: { to: 'opposed' },
  },
  opposed: {
    use: { refused: 'card-opposed' },
    'use-again': { to: 'in-use' },
    supersede: { to: 'opposed' },
    return: { to: 'opposed' },
    oppose: { to: 'opposed' },
  },
  returned: {
    use: { refused: 'card-returned' },
    'use-again': { to: 'in-use' },
    supersede: { to: 'returned' },
    return: { to: 'returned' },
    // A card that was handed back cannot be lost, so a later report changes nothing.
    oppose: { to: 'returned' },
  },
};

/** What the revocation of a whole card means for the card. */
export const CARD_EVENT_OF_REASON: Readonly<Record<Exclude<RevocationReason, 'certificateHold'>, CardEvent>> = {
  superseded: 'supersede',
  cessationOfOperation: 'return',
  unspecified: 'oppose',
  keyCompromise: 'oppose',
  affiliationChanged: 'oppose',
  privilegeWithdrawn: 'oppose',
};

/** Returns the state after the event, or why there is none. */
export function decideCard(state: CardState, event: CardEvent, tokenId: string): Result<CardState, StateConflict> {
  const cell = CARD_TRANSITIONS[state][event];
  return 'to' in cell ? ok(cell.to) : err({ kind: 'state-conflict', ...fault(cell.refused, { card: tokenId }) });
}
