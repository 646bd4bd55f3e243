import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkInput, type Field } from '../../../src/console/fields.js';
import { checkToken, type FormIdentity, formKeyFrom, formToken } from '../../../src/console/forms.js';
import { HOUR_MS } from '../../../src/kernel/duration.js';

const KEY = formKeyFrom([new Uint8Array(32).fill(7)]);
const NOW = 1_900_000_000_000 - (1_900_000_000_000 % HOUR_MS);
const COPY = new Uint8Array(8).fill(1);
const FORM: FormIdentity = {
  accountId: 'officer-1',
  path: '/console/certificates/1/revoke',
  version: '{"status":"issued"}',
};

describe('token of a form', () => {
  it('is valid in its hour and in the next one', () => {
    const token = formToken(KEY, FORM, { now: NOW, copy: COPY });
    for (const [after, expected] of [
      [0, 'valid'],
      [2 * HOUR_MS - 1, 'valid'],
      [2 * HOUR_MS, 'stale'],
      [-1, 'stale'],
    ] as const)
      assert.equal(checkToken(KEY, token, { identity: FORM, now: NOW + after }), expected);
  });

  it('differs from that of another copy of the form', () => {
    const other = formToken(KEY, FORM, { now: NOW, copy: new Uint8Array(8) });
    assert.notEqual(other, formToken(KEY, FORM, { now: NOW, copy: COPY }));
    assert.equal(checkToken(KEY, other, { identity: FORM, now: NOW }), 'valid');
  });

  it('is stale when the object has changed', () => {
    const token = formToken(KEY, FORM, { now: NOW, copy: COPY });
    const identity = { ...FORM, version: '{"status":"revoked"}' };
    assert.equal(checkToken(KEY, token, { identity, now: NOW }), 'stale');
  });

  it('is forged for another account, another path, another key, and after any change of its text', () => {
    const token = formToken(KEY, FORM, { now: NOW, copy: COPY });
    const forged = (identity: FormIdentity, key = KEY, text = token): void =>
      assert.equal(checkToken(key, text, { identity, now: NOW }), 'forged');
    forged({ ...FORM, accountId: 'officer-2' });
    forged({ ...FORM, path: '/console/certificates/2/revoke' });
    forged(FORM, formKeyFrom([new Uint8Array(32)]));
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'0123456789abcdef.z'), (at, character) => {
        fc.pre(token[at] !== character);
        forged(FORM, KEY, `${token.slice(0, at)}${character}${token.slice(at + 1)}`);
      }),
    );
  });
});

describe('fields of a form', () => {
  const SAYS = { fr: 'faux', en: 'wrong' };
  const FIELDS: readonly Field[] = [
    { kind: 'text', name: 'text', label: SAYS, lengthMax: 4, pattern: { matches: /^[a-z]+$/, says: SAYS } },
    { kind: 'choice', name: 'choice', label: SAYS, isRequired: true, options: [{ value: 'one', label: SAYS }] },
    { kind: 'date', name: 'date', label: SAYS },
    { kind: 'number', name: 'number', label: SAYS, min: 2, max: 9 },
    { kind: 'check', name: 'check', label: SAYS },
  ];
  const faultsOf = (sent: Readonly<Record<string, string>>): readonly string[] => {
    const checked = checkInput(FIELDS, { choice: 'one', ...sent });
    return checked.ok ? [] : checked.error.map(({ name }) => name);
  };

  it('are trimmed, and those without a value are left out', () => {
    const checked = checkInput(FIELDS, { text: ' abc ', choice: 'one', date: '', other: 'x' });
    assert.deepEqual(checked, { ok: true, value: { text: 'abc', choice: 'one' } });
  });

  it('are each checked by their own rule', () => {
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({ text: 'abcde' }), ['text']);
    assert.deepEqual(faultsOf({ text: 'A' }), ['text']);
    assert.deepEqual(faultsOf({ choice: '' }), ['choice']);
    assert.deepEqual(faultsOf({ choice: 'two' }), ['choice']);
    for (const date of ['2026-02-30', '2026-1-1', 'today', '2026-01-01T00:00:00Z'])
      assert.deepEqual(faultsOf({ date }), ['date']);
    for (const number of ['1', '10', '2.5', '-3', '1e1']) assert.deepEqual(faultsOf({ number }), ['number']);
    assert.deepEqual(faultsOf({ check: 'no' }), ['check']);
  });

  it('accept nothing but what their rules allow', () => {
    fc.assert(
      fc.property(fc.record({ text: fc.string(), date: fc.string(), number: fc.string() }), (sent) => {
        const checked = checkInput(FIELDS, { ...sent, choice: 'one' });
        if (!checked.ok) return;
        const { text = 'a', date = '2026-01-01', number = '2' } = checked.value;
        assert.match(text, /^[a-z]{1,4}$/);
        assert.match(date, /^\d{4}-\d\d-\d\d$/);
        assert.match(number, /^[2-9]$/);
      }),
    );
  });
});
