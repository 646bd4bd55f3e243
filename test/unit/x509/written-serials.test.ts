/**
 * Serial numbers as people copy them from programs. Without these forms, a caller who reads out the
 * number that OpenSSL or a browser shows is told that there is no such certificate.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readSerials, WRITTEN_SERIAL } from '../../../src/x509/certificate/serial-number.js';

describe('a serial number that somebody has written', () => {
  it('is found in each form in which programs show it', () => {
    const forms = fc.constantFrom(
      (hex: string) => hex,
      (hex: string) => hex.toUpperCase(),
      (hex: string) => `0x${hex}`,
      (hex: string) => (hex.match(/../g) ?? []).join(':'),
      (hex: string) => ` ${(hex.match(/../g) ?? []).join(' ')} `,
      (hex: string) => `000${hex}`,
      (hex: string) => hex.replace(/^0+(?=.)/, ''),
      (hex: string) => BigInt(`0x${hex}`).toString(),
    );
    const serials = fc.uint8Array({ minLength: 1, maxLength: 20 }).filter(([first]) => first !== 0);
    fc.assert(
      fc.property(serials, forms, (octets, written) => {
        const hex = Buffer.from(octets).toString('hex');
        const text = written(hex);
        assert.match(text, new RegExp(WRITTEN_SERIAL));
        assert.ok(readSerials(text).includes(hex), text);
      }),
    );
  });

  it('of digits alone may be hexadecimal or decimal, and is one number otherwise', () => {
    assert.deepEqual(readSerials('256'), ['0256', '0100']);
    assert.deepEqual(readSerials('9'), ['09']);
    for (const text of ['0x256', '02:56', '2 5 6a']) assert.equal(readSerials(text).length, 1, text);
  });

  it('of more than 20 octets is none that a certificate has', () => {
    assert.deepEqual(readSerials('f'.repeat(41)), []);
    assert.deepEqual(readSerials('ff'.repeat(20)), ['ff'.repeat(20)]);
  });

  it('is not a text that has no digit, or anything but digits', () => {
    for (const text of ['', ':', '0x', 'g1', '1-2', '12:', `1${'0'.repeat(100)}`])
      assert.doesNotMatch(text, new RegExp(WRITTEN_SERIAL), text);
  });
});
