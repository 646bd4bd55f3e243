import assert from 'node:assert/strict';
import fc from 'fast-check';
import { integer } from '../../../src/asn1/der-writer.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { serialFrom } from '../../../src/x509/certificate/serial-number.js';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('a serial number', () => {
  it('has the same length in DER as in the database, whatever the random bytes', () => {
    const special = [0x00, 0x7f, 0x80, 0xff].map((octet) => new Uint8Array(16).fill(octet));
    fc.assert(
      fc.property(fc.oneof(sixteen, fc.constantFrom(...special)), (random) => {
        const serial = serialFrom(random);
        // An INTEGER of 16 octets is positive and keeps all of them (X.690 8.3.2).
        const der = integer(serial);
        assert.equal(toHex(der), `0210${toHex(serial)}`);
        assert.equal(toHex(serial).length, 32);
      }),
    );
  });

  it('keeps 126 of the random bits, and does not change its input', () => {
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
