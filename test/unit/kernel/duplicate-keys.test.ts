import assert from 'node:assert/strict';
import fc from 'fast-check';
import { duplicateKeys } from '../../../src/kernel/duplicate-keys.js';

const found = (json: string): readonly string[] => [...duplicateKeys(json)];

describe('a duplicate key in an object', () => {
  const REPEATED: readonly (readonly [string, string])[] = [
    ['{"profile":"a","profile":"b"}', '/profile'],
    ['{"a":{"b":1},"c":[0,{"d":1,"d":1}]}', '/c/1/d'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"a/b":1,"a/b":2}', '/a~1b'],
    ['{"":1,"":2}', '/'],
    ['{"__proto__":1,"__proto__":2}', '/__proto__'],
    ['[{"a":"\\"a\\":","a":1}]', '/0/a'],
  ];
  for (const [json, pointer] of REPEATED)
    it(`is found: ${json}`, () => {
      JSON.parse(json);
      assert.deepEqual(found(json), [pointer]);
    });

  it('is found each time it occurs', () => {
    assert.deepEqual(found('{"a":[{"b":1,"b":2,"b":3}],"a":{"c":1,"c":2}}'), ['/a/0/b', '/a/0/b', '/a', '/a/c']);
  });

  it('is not reported for equal keys in different objects, or for texts', () => {
    for (const json of ['{"a":{"a":[{"a":1},{"a":"{\\"a\\":1,\\"a\\":2}"}]}}', '["a","a"]', '"a"', '1', '{}'])
      assert.deepEqual(found(json), [], json);
  });

  it('is never in the output of JSON.stringify', () => {
    fc.assert(fc.property(fc.json(), (json) => found(JSON.stringify(JSON.parse(json))).length === 0));
  });
});
