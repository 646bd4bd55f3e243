/**
 * Keys of registrations at a start. Without this test a node with other keys would refuse right
 * secrets.
 */
import assert from 'node:assert/strict';
import { checkOfRegistrationKey } from '../../../src/access/registration-keys.js';
import { keyFault } from '../../../src/compose/database/registration-keys.js';

const [OLD, NEW] = ['20260101T000000Z', '20270101T000000Z'] as const;
const key = (octet: number) => new Uint8Array(32).fill(octet);
const known = [
  { id: OLD, checkSha256: checkOfRegistrationKey(key(1)) },
  { id: NEW, checkSha256: checkOfRegistrationKey(key(2)) },
];

describe('the keys of registrations', () => {
  it('are those of the other nodes, or newer', () => {
    assert.equal(keyFault([], new Map([[OLD, key(1)]])), null);
    assert.equal(
      keyFault(
        known,
        new Map([
          [OLD, key(1)],
          [NEW, key(2)],
        ]),
      ),
      null,
    );
    assert.equal(keyFault(known, new Map([[NEW, key(2)]])), null, 'an old key was deleted');
    assert.equal(keyFault(known, new Map([['20280101T000000Z', key(3)]])), null, 'all were lost, and one was made');
  });

  it('stop the start if one is another than the others have used, or if the newest is missing', () => {
    assert.match(keyFault(known, new Map([[NEW, key(3)]])) ?? '', /another one than the other nodes have used/);
    assert.match(keyFault(known, new Map([[OLD, key(1)]])) ?? '', /20270101T000000Z is missing here/);
  });
});
