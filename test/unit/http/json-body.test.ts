/**
 * The number of JSON values in bodies and lines. Without these tests one line of 64 KiB could have
 * tens of thousands of violations, each of which would be described while other requests wait.
 */
import assert from 'node:assert/strict';
import { LINE_FORM } from '../../../src/http/api/card-request.js';
import { parseJson } from '../../../src/http/api/json-body.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { LIMITS } from '../../../src/kernel/limits.js';

const MAX = LIMITS.jsonValuesMax;
/** The object, its array, and the elements. */
const emptyRequests = (count: number) => utf8(JSON.stringify({ requests: Array(count).fill({}) }));

function rulesOfLine(octets: Uint8Array): readonly string[] {
  const read = LINE_FORM.read({ kind: 'whole', octets }, 'a request');
  const problem = (read.ok ? {} : read.error) as { readonly violations?: readonly { readonly rule: string }[] };
  return (problem.violations ?? []).map(({ rule }) => rule);
}

describe('the JSON of a body or a line', () => {
  it('has a limited number of values', () => {
    assert.equal(parseJson(emptyRequests(MAX - 2)).ok, true);
    const refused = parseJson(emptyRequests(MAX - 1));
    assert.ok(!refused.ok);
    assert.deepEqual(
      refused.error.violations.map(({ pointer, rule }) => [pointer, rule]),
      [['', 'json-values']],
    );
  });

  it('is refused with that one violation, for lines of orders too', () => {
    assert.deepEqual(rulesOfLine(emptyRequests(21_000)), ['json-values']);
    const members = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [at, 0]));
    assert.deepEqual(rulesOfLine(utf8(JSON.stringify(members))), ['json-values']);
  });
});
