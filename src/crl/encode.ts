/**
 * The to-be-signed list (TBSCertList, RFC 5280 5.1.2), of any size in flat memory. DER puts lengths first, so the entries are
 * measured before anything is written: either by a first pass over the same snapshot (`measureEntries`), or by spooling the
 * encoded entries and framing them afterwards (`encodeEntries`, `frameCrl`), which asks the source only once.
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
  /** The issuer certificate's subject, byte for byte (5.1.2.3). */
  readonly issuerDer: Bytes;
  readonly authorityKeyIdentifier: Bytes;
  readonly number: number;
  /** Of a delta: the number of the full list that it completes (5.2.4). */
  readonly base: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /** After authorityKeyIdentifier, crlNumber and deltaCRLIndicator: the place of issuingDistributionPoint and freshestCRL. */
  readonly furtherExtensions: readonly Extension[];
};

export type CrlNumbering = {
  readonly number: number;
  readonly base?: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
};

/** The header of a list of this issuer; times are cut to whole seconds. */
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

/** First pass: how many entries there are and how many octets they take. */
export async function measureEntries(source: AsyncIterable<readonly RevokedEntry[]>): Promise<EntryTotals> {
  const writer = createEntryWriter();
  for await (const batch of source) writer.write(batch);
  return writer.totals();
}

/**
 * The entries alone, in chunks of about 64 KiB; `done` is told the totals at the end. `latest`: thisUpdate of the list; what was
 * revoked while the list was being made, or by a clock that is ahead, says so, and a list tells only what has happened.
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

/** What stands before and after the entries, and the length of the whole to-be-signed list in octets. */
export type CrlFrame = { readonly prefix: Bytes; readonly suffix: Bytes; readonly tbsLength: number };

/** Size of a list before it is written; asserts the platform's limit. */
export function measureCrl(list: CrlHeader, totals: EntryTotals): { readonly tbsLength: number } {
  return { tbsLength: frameCrl(list, totals).tbsLength };
}

export function frameCrl(list: CrlHeader, totals: EntryTotals): CrlFrame {
  const fields = concat([
    integer(1), // v2 (5.1.2.1)
    algorithmIdentifierDer(list.signatureAlgorithm),
    list.issuerDer,
    time(list.thisUpdate),
    time(list.nextUpdate),
  ]);
  // 5.1.2.6: without revoked certificates the list is absent, not empty.
  const listHeader = totals.entries === 0 ? new Uint8Array(0) : header(0x30, totals.bytes);
  const suffix = explicit(0, extensions(list));
  const contentLength = fields.length + listHeader.length + totals.bytes + suffix.length;
  assert(contentLength < LIMITS.crlBytesMax, 'a list within the size limit');
  const outer = header(0x30, contentLength);
  return { prefix: concat([outer, fields, listHeader]), suffix, tbsLength: outer.length + contentLength };
}

/** 5.2.1 and 5.2.3: both in every list, neither critical; 5.2.4: critical. */
function extensions(list: CrlHeader): Bytes {
  assert(Number.isSafeInteger(list.number) && list.number > 0, 'CRL numbers start at 1');
  return encodeExtensions([
    writeAuthorityKeyIdentifier(list.authorityKeyIdentifier),
    writeCrlNumber(list.number),
    ...(list.base === null ? [] : [writeDeltaCrlIndicator(list.base)]),
    ...list.furtherExtensions,
  ]);
}

/** The whole to-be-signed list around entries encoded before; asserts that they are as long as was announced. */
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
  assert(length + frame.suffix.length === frame.tbsLength, 'entries as long as they were measured');
  yield frame.suffix;
}

/** Second pass over the same snapshot; asserts count and size against the first. */
export async function* encodeCrl(
  list: CrlHeader,
  measured: EntryTotals,
  source: AsyncIterable<readonly RevokedEntry[]>,
): AsyncGenerator<Bytes, void, undefined> {
  const entries = encodeEntries(source, (totals) => {
    assert(totals.entries === measured.entries, 'as many entries as were measured');
  });
  yield* frameEntries(frameCrl(list, measured), entries);
}

/** A list that fits in memory at once: of a root, or the first of a new CA. */
export function encodeSmallCrl(list: CrlHeader, entries: readonly RevokedEntry[]): Bytes {
  const writer = createEntryWriter();
  const chunks = [...writer.write(entries)];
  const last = writer.flush();
  if (last !== null) chunks.push(last);
  const { prefix, suffix } = frameCrl(list, writer.totals());
  return concat([prefix, ...chunks, suffix]);
}

/**
 * CertificateList (5.1.1) around a to-be-signed list of `tbsLength` octets. The outer length depends on the signature's, which
 * for ECDSA is known only afterwards: so the list is spooled first and framed when it has been signed.
 */
export function assembleCrl(
  tbsLength: number,
  algorithm: SignatureAlgorithm,
  signature: Bytes,
): { readonly prefix: Bytes; readonly suffix: Bytes } {
  const suffix = concat([algorithmIdentifierDer(algorithm), bitString(signature)]);
  return { prefix: header(0x30, tbsLength + suffix.length), suffix };
}
