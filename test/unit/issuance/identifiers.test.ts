import assert from 'node:assert/strict';
import fc from 'fast-check';
import { integer } from '../../../src/asn1/der-writer.js';
import { recordIdFrom, serialFrom } from '../../../src/issuance/identifiers.js';
import { toHex } from '../../../src/kernel/bytes.js';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('a serial number', () => {
  it('is as long in DER as in the database, whatever was drawn: zeros at the front, a set top bit', () => {
    const special = [0x00, 0x7f, 0x80, 0xff].map((octet) => new Uint8Array(16).fill(octet));
    fc.assert(
      fc.property(fc.oneof(sixteen, fc.constantFrom(...special)), (random) => {
        const serial = serialFrom(random);
        // INTEGER of 16 octets: positive, and none of them left out (X.690 8.3.2).
        const der = integer(serial);
        assert.equal(toHex(der), `0210${toHex(serial)}`);
        assert.equal(toHex(serial).length, 32);
      }),
    );
  });

  it('keeps 126 of the bits that were drawn, and leaves what was drawn as it is', () => {
    fc.assert(
      fc.property(sixteen, (random) => {
        const before = toHex(random);
        const serial = serialFrom(random);
        assert.equal(toHex(random), before);
        assert.deepEqual(serial.subarray(1), random.subarray(1));
        assert.equal((serial[0] ?? 0) & 0x3f, (random[0] ?? 0) & 0x3f);
      }),
    );
  });
});

describe('a record id', () => {
  it('is a UUID of version 7 and variant 10 whose time can be read back', () => {
    const ten = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), ten, (now, random) => {
        const id = recordIdFrom(now, random);
        assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.equal(Number.parseInt(id.replace('-', '').slice(0, 12), 16), now);
      }),
    );
  });

  it('of a later time sorts after an earlier one', () => {
    const random = new Uint8Array(10).fill(0xff);
    assert.ok(recordIdFrom(1_000, random) < recordIdFrom(1_001, new Uint8Array(10)));
  });
});
