import assert from 'node:assert/strict';
import fc from 'fast-check';
import { integer, time } from '../../../src/asn1/der-writer.js';
import { assembleCrl, encodeEntries, frameCrl, frameEntries } from '../../../src/crl/encode.js';
import { createEntryWriter } from '../../../src/crl/entry-writer.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import type { RevokedEntry } from '../../../src/ports/store/crls.js';
import type { RevocationReason } from '../../../src/ports/store/statuses.js';
import { REASON_CODES } from '../../support/crl/reason-codes.js';
import { batches, collect, serialOf } from '../../support/status/authority.js';
import { AT, ENTRIES, HEADER, tbsOf } from './fixture.js';

function entryDer(entry: Partial<RevokedEntry>): string {
  const writer = createEntryWriter();
  writer.write([{ serial: '01', at: AT, reason: 'unspecified', invalidityDate: null, ...entry }]);
  return toHex(writer.flush() ?? new Uint8Array(0));
}

describe('the CRL encoder', () => {
  it('encodes an entry without reason and invalidity date as serial number and UTCTime only (RFC 5280 5.3.1)', () => {
    assert.equal(entryDer({}), `30120201011${'7'}0d${Buffer.from('260301100000Z').toString('hex')}`);
  });

  it('encodes a serial number as the same INTEGER as the certificate, with any leading zeros in its hex', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(3), (octets, zeros) => {
        octets.fill(0, 0, zeros);
        octets[15] = 1;
        assert.equal(
          entryDer({ serial: toHex(octets) })
            .slice(4)
            .startsWith(toHex(integer(octets))),
          true,
        );
      }),
    );
  });

  it('encodes times like the certificate writer, in seconds, before and after 2050', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2120, 0, 1) }), (at) => {
        assert.equal(entryDer({ at }).slice(10), toHex(time(Math.floor(at / 1000) * 1000)));
      }),
    );
  });

  it('encodes the code of each reason, and none for unspecified', () => {
    for (const [reason, code] of Object.entries(REASON_CODES)) {
      const der = entryDer({ reason: reason as RevocationReason });
      assert.equal(der.includes('0603551d15'), code !== 0, reason);
      if (code !== 0) assert.equal(der.endsWith(`0a010${code}`), true, reason);
    }
  });

  it('omits revokedCertificates from an empty CRL (RFC 5280 5.1.2.6)', () => {
    assert.equal(frameCrl(HEADER, { entries: 0, bytes: 0 }).prefix.at(-1), 'Z'.charCodeAt(0));
  });

  it('encodes the same bytes in memory and in batches of any size', async () => {
    const entries = Array.from({ length: 3_000 }, (_, index) => ({
      ...(ENTRIES[0] as RevokedEntry),
      serial: serialOf(index),
    }));
    const whole = tbsOf({}, entries);
    for (const size of [1, 700, 3_000]) {
      let totals = { entries: 0, bytes: 0 };
      const encoded = await collect(encodeEntries(batches(entries, size), (found) => (totals = found)));
      const frame = frameCrl(HEADER, totals);
      assert.equal(frame.tbsLength, whole.length);
      assert.deepEqual(await collect(frameEntries(frame, batchOf(encoded))), whole);
    }
  });

  it('writes no revocation date after thisUpdate', async () => {
    const ahead = ENTRIES.map((entry, at) => ({ ...entry, at: AT + at * 60_000 }));
    const truncated = await collect(encodeEntries(batches(ahead), () => undefined, AT));
    const atOnce = await collect(encodeEntries(batches(ahead.map((entry) => ({ ...entry, at: AT }))), () => undefined));
    assert.deepEqual(truncated, atOnce);
  });

  it('returns chunks of at most 64 KiB', async () => {
    const entries = Array.from({ length: 10_000 }, (_, index) => ({
      ...(ENTRIES[1] as RevokedEntry),
      serial: serialOf(index),
    }));
    for await (const chunk of encodeEntries(batches(entries), () => undefined))
      assert.equal(chunk.length <= 65_536, true);
  });

  it('fails when the entries are not as long as they were measured', async () => {
    const { length } = await collect(encodeEntries(batches(ENTRIES), () => undefined));
    const frame = frameCrl(HEADER, { entries: ENTRIES.length, bytes: length });
    for (const wrong of [length - 1, length + 1])
      await assert.rejects(collect(frameEntries(frame, batchOf(new Uint8Array(wrong)))), AssertionFailed);
  });

  it('encodes the outer length for any length of signature', () => {
    for (const length of [1, 60, 70, 71, 72, 256, 512]) {
      const { prefix, suffix } = assembleCrl(100_000, 'ecdsaWithSha256', new Uint8Array(length));
      assert.equal(Buffer.from(prefix).readUIntBE(2, 3), 100_000 + suffix.length);
    }
  });
});

async function* batchOf(bytes: Bytes): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += 999) yield bytes.subarray(at, at + 999);
}
