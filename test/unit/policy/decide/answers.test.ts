/**
 * What an installation script gets for its answers. Without these checks a typing error in a key of
 * the file would leave a value undecided, or decide another one.
 */
import assert from 'node:assert/strict';
import { readTyped } from '../../../../src/cli/policy/dialogue.js';
import { decideByAnswers, readAnswers } from '../../../../src/policy/decide/answers.js';
import type { PolicyMember, Question } from '../../../../src/policy/decide/questions.js';

const member = (file: string, pointer: string, open = true): PolicyMember => ({
  file,
  pointer,
  fileKind: 'profile',
  value: { days: 90 },
  sourcePointers: [pointer],
  notes: [],
  open,
});
const QUESTIONS: readonly Question[] = [
  { name: 'profile/a', members: [member('x.json', '/a'), member('y.json', '/a')] },
  { name: 'profile/b', members: [member('x.json', '/b')] },
  { name: 'profile/c', members: [member('x.json', '/c', false)] },
];
const reason = 'a reason that is long enough';
const keep = { keep: true, reason };
const SAID = { at: '2026-09-01T08:30:00Z', by: 'Anne' };

function resultOf(file: object) {
  const answers = readAnswers(file);
  assert.ok(answers.ok, JSON.stringify(answers));
  const result = decideByAnswers(QUESTIONS, answers.value, SAID);
  return result.ok ? result.value : result.error.map(({ about, en }) => `${about}: ${en}`);
}

describe('answers in a file', () => {
  it('are by question, and a member may be answered differently', () => {
    const value = { days: 60 };
    const decisions = resultOf({ 'profile/a': keep, 'y.json#/a': { value, reason }, 'profile/b': keep });
    assert.deepEqual(
      decisions.map((one) =>
        typeof one === 'string' ? one : [one.member.file, one.member.pointer, one.choice, one.note],
      ),
      [
        ['x.json', '/a', { kind: 'keep' }, `2026-09-01T08:30:00Z, Anne: ${reason}`],
        ['y.json', '/a', { kind: 'change', value }, `2026-09-01T08:30:00Z, Anne: ${reason}`],
        ['x.json', '/b', { kind: 'keep' }, `2026-09-01T08:30:00Z, Anne: ${reason}`],
      ],
    );
  });

  it('that are unknown or missing are named, all at once', () => {
    assert.deepEqual(resultOf({ 'x.json#/a': keep, 'profile/z': keep }), [
      'profile/z: there is no such question; --json lists them',
      'y.json#/a: has no answer',
      'profile/b: has no answer',
    ]);
  });

  it('about what is decided already are accepted when they keep it, so that a script can run again', () => {
    const all = { 'profile/a': keep, 'profile/b': keep };
    assert.equal(resultOf({ ...all, 'profile/c': keep }).length, 3);
    assert.equal(resultOf({ ...all, 'profile/c': { value: { days: 90 }, reason } }).length, 3);
    assert.deepEqual(resultOf({ ...all, 'profile/c': { value: { days: 91 }, reason } }), [
      'x.json#/c: is decided already, with another value',
    ]);
  });

  it('have one form', () => {
    const wrong: readonly unknown[] = [
      'keep',
      { keep: true },
      { keep: false, reason },
      { keep: true, value: 1, reason },
      { reason },
      { keep: true, reason, other: 1 },
      { keep: true, reason: 'short' },
      { keep: true, reason: `${reason}\nof two lines` },
      { keep: true, reason: 'x'.repeat(451) },
    ];
    for (const answer of wrong) {
      const read = readAnswers({ 'profile/a': answer });
      assert.deepEqual(read.ok ? [] : read.error.map(({ about }) => about), ['profile/a'], JSON.stringify(answer));
    }
    assert.equal(readAnswers([]).ok, false);
  });
});

describe('a typed value', () => {
  const typed = (line: string, value: PolicyMember['value']) => {
    const read = readTyped(line, [{ value }]);
    return read.ok ? read.value : read.error.en;
  };

  it('is JSON, or a text as it is', () => {
    assert.deepEqual(typed('{ "days": 60 }', { days: 90 }), { days: 60 });
    assert.equal(typed('60', 10), 60);
    assert.equal(typed('PT6H', 'PT12H'), 'PT6H');
    assert.equal(typed('2.999', '2.999.1'), '2.999');
    assert.equal(typed('" G{generation}"', ' G{generation}'), ' G{generation}');
    assert.equal(typed('null', 'substantial'), null);
    assert.equal(typed('high', null), 'high');
  });

  it('that is broken JSON is not taken for a text', () => {
    assert.equal(typed('["p-256", p-384]', []), 'this is not valid JSON');
    assert.equal(typed('{"days":1,"days":2}', {}), '/days is a duplicate key');
    assert.equal(typed('@/no/such/file', {}), '/no/such/file: the file is missing');
  });
});
