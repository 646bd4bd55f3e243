/**
 * The secrets of registrations. Without these tests a secret could be another one after a restart,
 * or on another node, and nobody could enrol any more.
 */
import assert from 'node:assert/strict';
import { checkOfRegistrationKey, isSecret, newestKeyId, secretOf } from '../../../src/access/registration-keys.js';
import { toBase32, utf8 } from '../../../src/kernel/bytes.js';

const KEY = Uint8Array.from({ length: 32 }, (_, at) => at);
const ID = '01987a2f-0000-7000-8000-000000000001';

describe('secrets of registrations', () => {
  it('are base32 of 20 octets of HMAC-SHA256, as the page of the operators says', () => {
    // printf 'registration\0%s\0%s' "$ID" 1 |
    //   openssl dgst -sha256 -mac HMAC -macopt hexkey:0001… -binary | head -c 20 | base32
    assert.equal(secretOf(KEY, { kind: 'registration', id: ID, generation: 1 }), '6ZHU3XUCZJVKPVD5ZPUULU5CGEZJRNVT');
  });

  it('differ by kind, id, generation and key', () => {
    const subject = { kind: 'registration', id: ID, generation: 1 } as const;
    const secrets = new Set([
      secretOf(KEY, subject),
      secretOf(KEY, { ...subject, kind: 'account' }),
      secretOf(KEY, { ...subject, id: 'other' }),
      secretOf(KEY, { ...subject, generation: 2 }),
      secretOf(new Uint8Array(32), subject),
    ]);
    assert.equal(secrets.size, 5);
    for (const secret of secrets) assert.match(secret, /^[A-Z2-7]{32}$/);
  });

  it('are compared whole, whatever their length', () => {
    assert.equal(isSecret('ABC', 'ABC'), true);
    for (const wrong of ['', 'AB', 'ABCD', 'abc']) assert.equal(isSecret(wrong, 'ABC'), false);
  });

  it('use the base32 of RFC 4648', () => {
    assert.equal(toBase32(utf8('fooba')), 'MZXW6YTB');
    assert.equal(toBase32(utf8('foobafooba')), 'MZXW6YTBMZXW6YTB');
    assert.match(toBase32(new Uint8Array(10)), /^A{16}$/);
  });

  it('are derived from the newest key, of which the database knows a hash only', () => {
    const keys = new Map([
      ['20270101T000000Z', KEY],
      ['20261231T235959Z', new Uint8Array(32)],
    ]);
    assert.equal(newestKeyId(keys), '20270101T000000Z');
    assert.equal(newestKeyId(new Map()), null);
    assert.match(checkOfRegistrationKey(KEY), /^[0-9a-f]{64}$/);
  });
});
