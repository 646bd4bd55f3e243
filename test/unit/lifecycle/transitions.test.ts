import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  decideTransition,
  FINAL_REASONS,
  type LifecycleEvent,
  statusOf,
  TRANSITIONS,
} from '../../../src/lifecycle/certificate-states.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
const dateOrNull = fc.option(instant, { nil: null });
const reason = fc.constantFrom(...FINAL_REASONS);
const event: fc.Arbitrary<LifecycleEvent> = fc.oneof(
  fc.record({ kind: fc.constant('sign'), status: fc.constantFrom('issued', 'pending') }),
  fc.record({ kind: fc.constant('abandon'), at: instant }),
  fc.record({ kind: fc.constant('confirm') }),
  fc.record({ kind: fc.constant('suspend'), at: instant, invalidityDate: dateOrNull, allowed: fc.boolean() }),
  fc.record({ kind: fc.constant('release'), at: instant }),
  fc.record({ kind: fc.constant('revoke'), at: instant, reason, invalidityDate: dateOrNull }),
);

/** The state after the events; refused events change nothing. */
function lead(state: StoredState, ...events: readonly LifecycleEvent[]): StoredState {
  let now = state;
  for (const one of events) {
    const next = decideTransition(now, one);
    if (next.ok) now = next.value;
  }
  return now;
}

function ruleOf(state: StoredState, one: LifecycleEvent): string {
  const next = decideTransition(state, one);
  return next.ok ? next.value.status : next.error.rule;
}

const suspend = { kind: 'suspend', at: 100, invalidityDate: null, allowed: true } as const;
const revoke = { kind: 'revoke', at: 200, reason: 'keyCompromise', invalidityDate: null } as const;

const STATES: Readonly<Record<StoredState['status'], StoredState>> = {
  open: { status: 'open' },
  pending: { status: 'pending' },
  issued: { status: 'issued' },
  suspended: { status: 'suspended', at: 1, invalidityDate: null },
  revoked: { status: 'revoked', at: 1, reason: 'superseded', invalidityDate: null },
};
const EVENTS: Readonly<Record<LifecycleEvent['kind'], LifecycleEvent>> = {
  sign: { kind: 'sign', status: 'issued' },
  abandon: { kind: 'abandon', at: 5 },
  confirm: { kind: 'confirm' },
  suspend,
  release: { kind: 'release', at: 150 },
  revoke,
};

/**
 * Written from the life of a certificate, not from the table: the result of each event in each
 * state, or the rule that refuses it.
 */
const LIFE: Readonly<Record<StoredState['status'], Readonly<Record<LifecycleEvent['kind'], string>>>> = {
  open: {
    sign: 'issued',
    abandon: 'revoked',
    revoke: 'revoked',
    confirm: 'intent-not-finished',
    suspend: 'intent-not-finished',
    release: 'intent-not-finished',
  },
  pending: {
    confirm: 'issued',
    revoke: 'revoked',
    sign: 'already-signed',
    abandon: 'already-signed',
    suspend: 'pending-not-suspended',
    release: 'not-suspended',
  },
  issued: {
    suspend: 'suspended',
    revoke: 'revoked',
    sign: 'already-signed',
    abandon: 'already-signed',
    confirm: 'not-pending',
    release: 'not-suspended',
  },
  suspended: {
    release: 'issued',
    revoke: 'revoked',
    sign: 'already-signed',
    abandon: 'already-signed',
    confirm: 'not-pending',
    suspend: 'already-suspended',
  },
  revoked: {
    sign: 'already-revoked',
    abandon: 'already-revoked',
    confirm: 'already-revoked',
    suspend: 'already-revoked',
    release: 'already-revoked',
    revoke: 'already-revoked',
  },
};

describe('lifecycle of a certificate', () => {
  for (const [status, row] of Object.entries(LIFE)) {
    for (const [kind, expected] of Object.entries(row)) {
      it(`${status}, ${kind}: ${expected}`, () => {
        const state = STATES[status as keyof typeof STATES];
        assert.equal(ruleOf(state, EVENTS[kind as keyof typeof EVENTS]), expected);
      });
    }
  }

  it('revoked is final: after any history, nothing changes it, not even its reason', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), fc.array(event, { maxLength: 8 }), (before, later) => {
        const state = lead({ status: 'open' }, ...before);
        fc.pre(state.status === 'revoked');
        assert.deepEqual(lead(state, ...later), state);
        for (const one of later) assert.equal(ruleOf(state, one), 'already-revoked');
      }),
    );
  });

  it('no history leads back to open, nor from a signature to none', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 10 }), (events) => {
        const statuses = events.map((_, at) => lead({ status: 'open' }, ...events.slice(0, at + 1)).status);
        const left = statuses.findIndex((status) => status !== 'open');
        assert.ok(left === -1 || statuses.slice(left).every((status) => status !== 'open'));
      }),
    );
  });

  it('the decision is the table’s: a cell that refuses, refuses by its rule', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(STATES)), event, (state, one) => {
        const cell = TRANSITIONS[state.status][one.kind];
        const next = decideTransition(state, one);
        if ('refused' in cell) assert.ok(!next.ok && next.error.rule === cell.refused);
        else if (next.ok) assert.ok(cell.to === 'as-signed' || cell.to === next.value.status);
        else assert.ok(one.kind === 'suspend' && !one.allowed && next.error.rule === 'suspension-allowed');
      }),
    );
  });

  it('an intent becomes a certificate by its signature, or a revoked serial; a lost card revokes it too', () => {
    assert.deepEqual(lead({ status: 'open' }, { kind: 'sign', status: 'pending' }), { status: 'pending' });
    assert.deepEqual(lead({ status: 'open' }, { kind: 'abandon', at: 5 }), {
      status: 'revoked',
      at: 5,
      reason: 'unspecified',
      invalidityDate: null,
    });
    assert.equal(lead({ status: 'open' }, revoke).status, 'revoked');
    assert.equal(ruleOf({ status: 'open' }, suspend), 'intent-not-finished');
    assert.equal(ruleOf({ status: 'issued' }, { kind: 'abandon', at: 5 }), 'already-signed');
  });

  it('suspension only where the profile allows it, and not while a card has yet to confirm', () => {
    assert.equal(ruleOf({ status: 'issued' }, { ...suspend, allowed: false }), 'suspension-allowed');
    assert.equal(ruleOf({ status: 'issued' }, suspend), 'suspended');
    assert.equal(ruleOf({ status: 'pending' }, suspend), 'pending-not-suspended');
    assert.equal(ruleOf(lead({ status: 'issued' }, suspend), suspend), 'already-suspended');
    assert.equal(ruleOf({ status: 'issued' }, { kind: 'release', at: 1 }), 'not-suspended');
  });

  it('certificateHold comes from a suspension only', () => {
    for (const status of ['issued', 'pending'] as const) {
      assert.equal(ruleOf({ status }, { ...revoke, reason: 'certificateHold' }), 'hold-is-a-suspension');
    }
  });

  it('a hold with an invalidity date is released like any other', () => {
    const suspended = lead({ status: 'issued' }, { ...suspend, invalidityDate: 50 });
    assert.deepEqual(lead(suspended, { kind: 'release', at: 150 }), { status: 'issued' });
  });

  it('a hold that becomes final keeps its date, and its invalidity date unless another is given', () => {
    const suspended = lead({ status: 'issued' }, { ...suspend, invalidityDate: 50 });
    assert.deepEqual(lead(suspended, revoke), {
      status: 'revoked',
      at: 100,
      reason: 'keyCompromise',
      invalidityDate: 50,
    });
    assert.deepEqual(lead(suspended, { ...revoke, invalidityDate: 40 }), {
      status: 'revoked',
      at: 100,
      reason: 'keyCompromise',
      invalidityDate: 40,
    });
  });

  it('expired is derived: inclusive of the last second, never for what is revoked, nothing for an intent', () => {
    const notAfter = 10_000;
    const states: readonly StoredState[] = [
      { status: 'issued' },
      { status: 'pending' },
      { status: 'suspended', at: 1, invalidityDate: null },
    ];
    for (const state of states) {
      assert.equal(statusOf({ state, notAfter }, 10_999), state.status);
      assert.equal(statusOf({ state, notAfter }, 11_000), 'expired');
    }
    const revoked = lead({ status: 'issued' }, revoke);
    assert.equal(statusOf({ state: revoked, notAfter }, 99_000), 'revoked');
    assert.equal(statusOf({ state: { status: 'open' }, notAfter }, 0), null);
  });
});
