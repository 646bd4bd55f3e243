/** Short DER structures for tests of the signer. */
import type { Bytes } from '../../../src/kernel/bytes.js';

export function tlv(tag: number, ...parts: readonly Bytes[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 128) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 + length.length), length, content]);
}

/**
 * The start and the serial number of a TBSCertificate v3, with `filler` bytes instead of the rest.
 */
export function tbsCertificate(serialHex: string, filler = 600): Buffer {
  const version = Buffer.from('a003020102', 'hex');
  return tlv(0x30, version, tlv(0x02, Buffer.from(serialHex, 'hex')), tlv(0x04, Buffer.alloc(filler, 0x5a)));
}

/** A minimal TBSCertList: version, `entriesBytes` bytes of entries, CRL number. */
export function tbsCertList(number: number, entriesBytes = 100): Buffer {
  const hex = number.toString(16);
  const integer = tlv(0x02, Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'));
  const extension = tlv(0x30, Buffer.from('0603551d14', 'hex'), tlv(0x04, integer));
  return tlv(
    0x30,
    Buffer.of(0x02, 0x01, 0x01),
    tlv(0x04, Buffer.alloc(entriesBytes, 0x41)),
    tlv(0xa0, tlv(0x30, extension)),
  );
}
