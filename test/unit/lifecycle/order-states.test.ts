/**
 * The states of an order. Without this table, a cancelled order could go on, or a request that is
 * repeated after a lost answer could be refused.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decideOrder, ORDER_TRANSITIONS, type OrderEvent } from '../../../src/lifecycle/order-states.js';
import { FINAL_ORDER_STATES, ORDER_STATES, type OrderState } from '../../../src/ports/store/orders.js';

const EVENTS = Object.keys(ORDER_TRANSITIONS.receiving) as readonly OrderEvent[];
const events = fc.array(fc.constantFrom(...EVENTS), { maxLength: 12 });

function after(state: OrderState, event: OrderEvent): OrderState {
  const next = decideOrder(state, event);
  return next.ok ? next.value : state;
}

function ruleOf(state: OrderState, event: OrderEvent): string {
  const next = decideOrder(state, event);
  return next.ok ? next.value : next.error.rule;
}

/** Where each event leads, and from where: written from the design, not from the table. */
const LEADS: Readonly<Record<OrderEvent, Readonly<Partial<Record<OrderState, OrderState>>>>> = {
  accept: { receiving: 'accepted' },
  'accept-paused': { receiving: 'paused' },
  discard: { receiving: 'discarded', discarded: 'discarded' },
  start: { accepted: 'working', working: 'working' },
  pause: { accepted: 'paused', working: 'paused', paused: 'paused' },
  resume: { accepted: 'accepted', working: 'working', paused: 'accepted' },
  cancel: {
    accepted: 'cancelling',
    working: 'cancelling',
    paused: 'cancelling',
    cancelling: 'cancelling',
    cancelled: 'cancelled',
  },
  finish: { working: 'finished', cancelling: 'cancelled', cancelled: 'cancelled', finished: 'finished' },
  expire: { accepted: 'finished', working: 'finished', paused: 'finished', finished: 'finished' },
};

describe('life of an order', () => {
  for (const event of EVENTS)
    it(`${event} leads where the design says, and is refused with a rule everywhere else`, () => {
      for (const state of ORDER_STATES) {
        const expected = LEADS[event][state];
        if (expected === undefined) assert.match(ruleOf(state, event), /^order-/, state);
        else assert.equal(ruleOf(state, event), expected, state);
      }
    });

  it('ends once: nothing changes a final state', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FINAL_ORDER_STATES), events, (state, later) => {
        assert.equal(later.reduce(after, state), state);
      }),
    );
  });

  it('accepts an event again in the state that it has led to, and changes nothing then', () => {
    const repeatable: readonly OrderEvent[] = ['discard', 'start', 'pause', 'resume', 'cancel', 'finish', 'expire'];
    fc.assert(
      fc.property(events, fc.constantFrom(...repeatable), (before, event) => {
        const first = decideOrder(before.reduce(after, 'receiving'), event);
        fc.pre(first.ok);
        assert.deepEqual(decideOrder(first.value, event), first);
      }),
    );
  });

  it('is received once: no event leads back to an upload', () => {
    fc.assert(
      fc.property(events, (history) => {
        const states = history.map((_, at) => history.slice(0, at + 1).reduce(after, 'receiving' as OrderState));
        const left = states.findIndex((state) => state !== 'receiving');
        if (left >= 0) assert.ok(!states.slice(left).includes('receiving'));
      }),
    );
  });
});
