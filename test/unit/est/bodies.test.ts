/**
 * Without these, clients that write base64 in another way could not enrol, or a body in another
 * form would be read in part.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { decodeBody, encodeBody, labelOf } from '../../../src/est/request.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { testPolicy } from '../policy/fixtures.js';

const ruleOf = (body: Uint8Array): string => {
  const read = decodeBody(body);
  assert.ok(!read.ok);
  return read.error.message.en;
};

describe('the body of an EST message', () => {
  it('reads back from its base64, with white space of any kind at any place', () => {
    const spaces = fc.array(fc.constantFrom(' ', '\t', '\r\n', '\n', ''), { minLength: 1, maxLength: 9 });
    const octets = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(octets, spaces, (sent, between) => {
        const text = [...encodeBody(sent)].map((one, at) => `${one}${between[at % between.length]}`).join('');
        const read = decodeBody(utf8(text));
        assert.ok(read.ok);
        assert.deepEqual([...read.value], [...sent]);
      }),
      { seed: 16, numRuns: 300 },
    );
  });

  it('has lines of at most 64 characters, each with a newline, as OpenSSL demands', () => {
    const lines = encodeBody(randomBytes(500)).split('\n');
    assert.equal(lines.pop(), '');
    assert.ok(lines.every((line) => line.length > 0 && line.length <= 64));
  });

  it('is refused by name as PEM, as binary DER, when empty, and when it is no base64', () => {
    assert.match(ruleOf(utf8('-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n')), /is PEM/);
    assert.match(ruleOf(Uint8Array.of(0x30, 0x82, 1, 0x0a, 0x30)), /binary DER/);
    assert.match(ruleOf(utf8(' \r\n')), /empty/);
    for (const text of ['MIIB=', 'MII', 'MI-_', 'MIIB%0a', 'MIIBé==', 'MIJ=', 'TUlJ=TUlJ'])
      assert.match(ruleOf(utf8(text)), /not base64/, text);
  });
});

describe('an EST label', () => {
  it('names each profile in one segment of a path, of characters that need no encoding', () => {
    const policy = testPolicy();
    const labels = new Set<string>();
    for (const profile of policy.profiles.values()) {
      assert.match(labelOf(profile.id), /^[A-Za-z0-9._~-]+$/);
      labels.add(labelOf(profile.id));
    }
    assert.equal(labels.size, policy.profiles.size);
  });
});
