/**
 * Every structure of CMP that the codec writes, it reads with the same values. Without this a field
 * could be lost between two of our own answers, or read into the wrong place.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BODY_KINDS } from '../../../src/cmp/model.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { arbitraryMessage, SHALLOW_SAMPLES } from '../../support/cmp/arbitrary-messages.js';
import { contentOf, decoded, encodedAgain } from '../../support/cmp/messages.js';

const RUNS = 1_000;

describe('a CMP message that was encoded', () => {
  it('is decoded to the same values and encoded to the same octets', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(arbitraryMessage(SHALLOW_SAMPLES), ({ header, bodyKind, content, octets }) => {
        const message = decoded(octets);
        assert.deepEqual(message.header, header);
        assert.deepEqual(contentOf(message, bodyKind), content);
        assert.equal(toHex(encodedAgain(message)), toHex(octets));
        kinds.add(bodyKind);
      }),
      { numRuns: RUNS },
    );
    assert.equal(kinds.size, BODY_KINDS.length - 10, [...kinds].join());
  });
});
