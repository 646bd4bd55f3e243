/**
 * The number of JSON values in bodies and lines, the place of a fault, and surrogates that are
 * alone. Without these tests the reason of an officer could be a text that no audit entry holds,
 * one line of 64 KiB could have tens of thousands of violations, each of which would be described
 * while other requests wait, and a client could be led to the wrong line of a long document.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LINE_FORM } from '../../../src/http/api/card-request.js';
import { parseJson } from '../../../src/http/api/json-body.js';
import { jsonFaultPlace } from '../../../src/http/api/json-fault.js';
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
    assert.equal(parseJson(emptyRequests(MAX - 2), 'body').ok, true);
    const refused = parseJson(emptyRequests(MAX - 1), 'body');
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

describe('half of a surrogate pair in JSON', () => {
  const pointersOf = (json: string) => {
    const read = parseJson(utf8(json), 'body');
    return read.ok ? [] : read.error.violations.map(({ pointer, rule }) => [pointer, rule]);
  };
  const refusedAt = (pointer: string) => [[pointer, 'json']];

  it('is refused wherever it stands, because UTF-8 cannot express it', () => {
    assert.deepEqual(pointersOf('{"a":["x","\\ud800"]}'), refusedAt('/a/1'));
    assert.deepEqual(pointersOf('{"reason":"a\\udc00\\ud83d b"}'), refusedAt('/reason'));
    assert.deepEqual(pointersOf('{"a":{"\\udfff":1}}'), refusedAt('/a'));
    assert.deepEqual(pointersOf('"\\uD83D"'), refusedAt(''));
  });

  it('is not found in a whole pair, nor in the text of an escape sequence', () => {
    assert.deepEqual(pointersOf('{"a":"\\ud83d\\ude00 \\u00e9"}'), []);
    assert.deepEqual(pointersOf('{"a":"\\\\ud800"}'), []);
  });
});

describe('the place where a text stops being JSON', () => {
  const BROKEN: readonly (readonly [what: string, text: string, line: number, column: number])[] = [
    ['nothing', '', 1, 1],
    ['an object that does not end', '{', 1, 2],
    ['a comma before the end of an object', '{"a":1,}', 1, 8],
    ['a comma before the end of an array', '[1,]', 1, 4],
    ['two commas', '[1,,2]', 1, 4],
    ['a comma after the value', '{},', 1, 3],
    ['a second value', '{} {}', 1, 4],
    ['a name without quotes', '{a:1}', 1, 2],
    ['single quotes', "{'a':1}", 1, 2],
    ['no colon', '{"a" 1}', 1, 6],
    ['no comma', '{"a":1 "b":2}', 1, 8],
    ['the wrong end', '{"a":[1}', 1, 8],
    ['an end without a beginning', ']', 1, 1],
    ['a string that does not end', '{"a":"b', 1, 8],
    ['a line end in a string', '{"a":"b\n"}', 1, 8],
    ['a wrong escape', '["\\x"]', 1, 3],
    ['a short escape', '["\\u12"]', 1, 3],
    ['a zero before a number', '[01]', 1, 3],
    ['a number without digits after the point', '[1.]', 1, 3],
    ['a literal of another language', '[True]', 1, 2],
    ['not a number', '[NaN]', 1, 2],
    ['a comment', '{\n  // why\n}', 2, 3],
    ['a later line', '{\r\n  "a": 1\r\n  "b": 2\r\n}', 3, 3],
    ['characters beyond U+FFFF before it', '["\u{1f600}é" x]', 1, 7],
    ['a space that JSON does not know', '[\u00a01]', 1, 2],
  ];
  for (const [what, text, line, column] of BROKEN)
    it(`is found: ${what}`, () => {
      assert.throws(() => JSON.parse(text));
      assert.deepEqual(jsonFaultPlace(text), { line, column });
    });

  it('is after the end of a text that is JSON, whatever it contains', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const { line, column } = jsonFaultPlace(json);
        return line === 1 && column === [...json].length + 1;
      }),
    );
  });

  it('is found in a text of a hundred thousand open arrays and in a long string', () => {
    assert.deepEqual(jsonFaultPlace('['.repeat(100_000)), { line: 1, column: 100_001 });
    assert.deepEqual(jsonFaultPlace(`"${'\\n'.repeat(100_000)}`), { line: 1, column: 200_002 });
  });
});
