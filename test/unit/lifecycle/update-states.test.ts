/**
 * The states of a remote update. Without this table, an update could end before its card has
 * spoken, and a card could be left without valid certificates.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decideUpdateState, UPDATE_TRANSITIONS, type UpdateEvent } from '../../../src/lifecycle/update-states.js';
import {
  FINAL_UPDATE_STATES,
  LIVE_UPDATE_STATES,
  UPDATE_STATES,
  type UpdateState,
} from '../../../src/ports/store/cards/card-updates.js';

const EVENTS = Object.keys(UPDATE_TRANSITIONS.issuing) as readonly UpdateEvent[];
const events = fc.array(fc.constantFrom(...EVENTS), { maxLength: 14 });

function after(state: UpdateState, event: UpdateEvent): UpdateState {
  const next = decideUpdateState(state, event);
  return next.ok ? next.value : state;
}

function ruleOf(state: UpdateState, event: UpdateEvent): string {
  const next = decideUpdateState(state, event);
  return next.ok ? next.value : next.error.rule;
}

/** Where each event leads, and from where: written from the design, not from the table. */
const LEADS: Readonly<Record<UpdateEvent, Readonly<Partial<Record<UpdateState, UpdateState>>>>> = {
  offer: { issuing: 'offered' },
  'give-up': { issuing: 'failed', failed: 'failed' },
  write: { offered: 'writing', writing: 'writing' },
  confirm: {
    offered: 'confirmed',
    writing: 'confirmed',
    undetermined: 'confirmed',
    confirmed: 'confirmed',
    completed: 'completed',
  },
  'abandon-by-account': { offered: 'abandoned', abandoned: 'abandoned' },
  'abandon-by-card': {
    offered: 'abandoned',
    writing: 'abandoned',
    undetermined: 'abandoned',
    abandoned: 'abandoned',
  },
  expire: { offered: 'undetermined', writing: 'undetermined', undetermined: 'undetermined' },
  'decide-confirmed': { undetermined: 'confirmed' },
  'decide-abandoned': { undetermined: 'abandoned' },
  'old-ended': { undetermined: 'confirmed', confirmed: 'confirmed' },
  complete: { confirmed: 'completed', completed: 'completed' },
  end: {
    issuing: 'ended',
    offered: 'ended',
    writing: 'ended',
    undetermined: 'ended',
    confirmed: 'ended',
    ended: 'ended',
  },
};

describe('life of a remote update', () => {
  for (const event of EVENTS)
    it(`${event} leads where the design says, and is refused with a rule everywhere else`, () => {
      for (const state of UPDATE_STATES) {
        const expected = LEADS[event][state];
        if (expected === undefined) assert.match(ruleOf(state, event), /^update-/, state);
        else assert.equal(ruleOf(state, event), expected, state);
      }
    });

  it('ends once: nothing changes a final state', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FINAL_UPDATE_STATES), events, (state, later) => {
        assert.equal(later.reduce(after, state), state);
      }),
    );
  });

  it('is not taken back after a confirmation, whatever comes', () => {
    fc.assert(
      fc.property(events, (later) => {
        assert.match(later.reduce(after, 'confirmed' as UpdateState), /^(confirmed|completed|ended)$/);
      }),
    );
  });

  it('never ends by time alone before the card, two officers or a revocation have decided', () => {
    const timers: readonly UpdateEvent[] = ['expire', 'complete', 'offer', 'write'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...timers), { maxLength: 14 }), (history) => {
        const state = history.reduce(after, 'issuing' as UpdateState);
        assert.ok(LIVE_UPDATE_STATES.some((live) => live === state) && state !== 'confirmed', state);
      }),
    );
  });

  it('accepts the word of the card again in the state that it has led to, and changes nothing then', () => {
    const words: readonly UpdateEvent[] = ['confirm', 'abandon-by-card', 'abandon-by-account', 'write'];
    fc.assert(
      fc.property(events, fc.constantFrom(...words), (before, event) => {
        const first = decideUpdateState(before.reduce(after, 'issuing' as UpdateState), event);
        fc.pre(first.ok);
        assert.deepEqual(decideUpdateState(first.value, event), first);
      }),
    );
  });
});
