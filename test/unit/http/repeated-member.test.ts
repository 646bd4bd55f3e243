import assert from 'node:assert/strict';
import fc from 'fast-check';
import { repeatedMember } from '../../../src/http/repeated-member.js';

describe('a member that stands twice in one object', () => {
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
      assert.equal(repeatedMember(json), pointer);
    });

  it('is not seen where names are the same in different objects, or stand in texts', () => {
    for (const json of ['{"a":{"a":[{"a":1},{"a":"{\\"a\\":1,\\"a\\":2}"}]}}', '["a","a"]', '"a"', '1', '{}'])
      assert.equal(repeatedMember(json), null, json);
  });

  it('is in nothing that JSON.stringify writes', () => {
    fc.assert(fc.property(fc.json(), (json) => repeatedMember(JSON.stringify(JSON.parse(json))) === null));
  });
});
