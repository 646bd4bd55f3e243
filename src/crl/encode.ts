/**
 * Encodes the to-be-signed CRL (TBSCertList, RFC 5280 5.1.2) of any size in constant memory. DER
 * puts lengths first, so the encoded entries are written to a file (`encodeEntries`) and framed
 * afterwards (`frameCrl`, `frameEntries`).
 */
import { bitString, explicit, header, integer, time } from '../asn1/der-writer.js';
import { assert } from '../kernel/assert.js';
import { type Bytes, concat } from '../kernel/bytes.js';
import { type Instant, toSecond } from '../kernel/clock.js';
import { LIMITS } from '../kernel/limits.js';
import type { RevokedEntry } from '../ports/store/crls.js';
import { encodeExtensions } from '../x509/certificate/extension-writer.js';
import { writeAuthorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { writeCrlNumber } from '../x509/extensions/crl-number.js';
import { writeDeltaCrlIndicator } from '../x509/extensions/delta-crl-indicator.js';
import { algorithmIdentifierDer } from '../x509/keys/algorithms.js';
import type { Extension, Issuer, SignatureAlgorithm } from '../x509/model.js';
import { createEntryWriter, type EntryTotals } from './entry-writer.js';

export type CrlHeader = {
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The subject of the issuer's certificate, byte for byte (5.1.2.3). */
  readonly issuerDer: Bytes;
  readonly authorityKeyIdentifier: Bytes;
  readonly number: number;
  /** Number of the base CRL of a delta CRL (5.2.4); null: a full CRL. */
  readonly base: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /**
   * issuingDistributionPoint and freshestCRL; they follow authorityKeyIdentifier, crlNumber and
   * deltaCRLIndicator.
   */
  readonly furtherExtensions: readonly Extension[];
};

type CrlNumbering = {
  readonly number: number;
  readonly base?: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
};

/** The header of a CRL of this issuer; times are truncated to whole seconds. */
export function crlHeaderOf(issuer: Issuer, list: CrlNumbering, further: readonly Extension[] = []): CrlHeader {
  return {
    signatureAlgorithm: issuer.signatureAlgorithm,
    issuerDer: issuer.subjectDer,
    authorityKeyIdentifier: issuer.subjectKeyIdentifier,
    number: list.number,
    base: list.base ?? null,
    thisUpdate: toSecond(list.thisUpdate),
    nextUpdate: toSecond(list.nextUpdate),
    furtherExtensions: further,
  };
}

/**
 * Encodes the entries in chunks of about 64 KiB and calls `done` with the totals at the end.
 * `latest` is thisUpdate of the CRL and limits the revocation dates. A later date comes from a
 * revocation during the making of the CRL, or from a clock that is ahead; a CRL must not report the
 * future.
 */
export async function* encodeEntries(
  source: AsyncIterable<readonly RevokedEntry[]>,
  done: (totals: EntryTotals) => void,
  latest?: Instant,
): AsyncGenerator<Bytes, void, undefined> {
  const writer = createEntryWriter(latest);
  for await (const batch of source) yield* writer.write(batch);
  const last = writer.flush();
  if (last !== null) yield last;
  done(writer.totals());
}

/**
 * The bytes before and after the entries, and the length of the complete to-be-signed CRL in bytes.
 */
export type CrlFrame = { readonly prefix: Bytes; readonly suffix: Bytes; readonly tbsLength: number };

export function frameCrl(list: CrlHeader, totals: EntryTotals): CrlFrame {
  const fields = concat([
    integer(1), // v2 (5.1.2.1)
    algorithmIdentifierDer(list.signatureAlgorithm),
    list.issuerDer,
    time(list.thisUpdate),
    time(list.nextUpdate),
  ]);
  // Without revoked certificates, revokedCertificates must be absent, not empty (5.1.2.6).
  const listHeader = totals.entries === 0 ? new Uint8Array(0) : header(0x30, totals.bytes);
  const suffix = explicit(0, extensions(list));
  const contentLength = fields.length + listHeader.length + totals.bytes + suffix.length;
  assert(contentLength < LIMITS.crlBytesMax, 'the CRL is within the size limit');
  const outer = header(0x30, contentLength);
  return { prefix: concat([outer, fields, listHeader]), suffix, tbsLength: outer.length + contentLength };
}

/**
 * Every CRL has the extensions of 5.2.1 and 5.2.3, which are not critical; that of 5.2.4 is
 * critical.
 */
function extensions(list: CrlHeader): Bytes {
  assert(Number.isSafeInteger(list.number) && list.number > 0, 'CRL numbers start at 1');
  return encodeExtensions([
    writeAuthorityKeyIdentifier(list.authorityKeyIdentifier),
    writeCrlNumber(list.number),
    ...(list.base === null ? [] : [writeDeltaCrlIndicator(list.base)]),
    ...list.furtherExtensions,
  ]);
}

/**
 * The complete to-be-signed CRL with entries that are already encoded; asserts their announced
 * length.
 */
export async function* frameEntries(
  frame: CrlFrame,
  entries: AsyncIterable<Bytes>,
): AsyncGenerator<Bytes, void, undefined> {
  let length = frame.prefix.length;
  yield frame.prefix;
  for await (const chunk of entries) {
    length += chunk.length;
    yield chunk;
  }
  assert(length + frame.suffix.length === frame.tbsLength, 'the entries are as long as they were measured');
  yield frame.suffix;
}

/** A CRL that fits in memory: one of a root, or the first one of a new CA. */
export function encodeSmallCrl(list: CrlHeader, entries: readonly RevokedEntry[]): Bytes {
  const writer = createEntryWriter();
  const chunks = [...writer.write(entries)];
  const last = writer.flush();
  if (last !== null) chunks.push(last);
  const { prefix, suffix } = frameCrl(list, writer.totals());
  return concat([prefix, ...chunks, suffix]);
}

/**
 * The bytes of a CertificateList (5.1.1) before and after a to-be-signed CRL of `tbsLength` bytes.
 * The outer length depends on the length of the signature, which for ECDSA is only known
 * afterwards, so the CRL is written to a file first and framed when it has been signed.
 */
export function assembleCrl(
  tbsLength: number,
  algorithm: SignatureAlgorithm,
  signature: Bytes,
): { readonly prefix: Bytes; readonly suffix: Bytes } {
  const suffix = concat([algorithmIdentifierDer(algorithm), bitString(signature)]);
  return { prefix: header(0x30, tbsLength + suffix.length), suffix };
}
