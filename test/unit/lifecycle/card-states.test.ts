/**
 * The states of cards and holders. Without these tables, a stolen card could get certificates
 * again, or a card that is reported twice could be refused.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CARD_EVENT_OF_REASON,
  CARD_TRANSITIONS,
  type CardEvent,
  decideCard,
  decideHolder,
  type HolderEvent,
} from '../../../src/lifecycle/card-states.js';
import { CARD_STATES, type CardState, type HolderState } from '../../../src/ports/store/cards/cards.js';

const TOKEN = '8025000001/2600301752';
const EVENTS = Object.keys(CARD_TRANSITIONS['in-use']) as readonly CardEvent[];

function cardAfter(state: CardState, event: CardEvent): CardState | string {
  const next = decideCard(state, event, TOKEN);
  return next.ok ? next.value : next.error.rule;
}

function holderAfter(state: HolderState, event: HolderEvent): HolderState | string {
  const next = decideHolder(state, event, '810002813839');
  return next.ok ? next.value : next.error.rule;
}

describe('life of a card', () => {
  it('leads where the design says', () => {
    const rows = CARD_STATES.map((state) => [state, ...EVENTS.map((event) => cardAfter(state, event))]);
    assert.deepEqual(EVENTS, ['use', 'use-again', 'supersede', 'return', 'oppose']);
    assert.deepEqual(rows, [
      ['in-use', 'in-use', 'in-use', 'in-use', 'returned', 'opposed'],
      ['opposed', 'card-opposed', 'in-use', 'opposed', 'opposed', 'opposed'],
      ['returned', 'card-returned', 'in-use', 'returned', 'returned', 'returned'],
    ]);
  });

  it('ends once, unless the environment uses cards again', () => {
    const events = fc.array(fc.constantFrom(...EVENTS.filter((event) => event !== 'use-again')), { maxLength: 9 });
    fc.assert(
      fc.property(fc.constantFrom('opposed' as const, 'returned' as const), events, (ended, later) => {
        const states = later.map((event) => decideCard(ended, event, TOKEN));
        for (const state of states) assert.ok(!state.ok || state.value === ended);
      }),
    );
  });

  it('ends with its revocation, except for superseded', () => {
    assert.deepEqual(CARD_EVENT_OF_REASON, {
      superseded: 'supersede',
      cessationOfOperation: 'return',
      unspecified: 'oppose',
      keyCompromise: 'oppose',
      affiliationChanged: 'oppose',
      privilegeWithdrawn: 'oppose',
    });
  });
});

describe('states of a holder', () => {
  it('lead where the design says', () => {
    const events = ['use', 'bar', 'unbar'] as const;
    assert.deepEqual(
      events.map((event) => holderAfter('free', event)),
      ['free', 'barred', 'holder-not-barred'],
    );
    assert.deepEqual(
      events.map((event) => holderAfter('barred', event)),
      ['holder-barred', 'barred', 'free'],
    );
  });
});
