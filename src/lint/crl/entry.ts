/**
 * Reads one entry of revokedCertificates (RFC 5280 5.1.2.6 and 5.3), byte by byte, into one object
 * that all entries share: this runs a million times for a CRL, in the service, in the signer and
 * before publication. Entries in the form that this platform writes are read by the fast path; the
 * strict reader reads any other, with the same result.
 */
import {
  type DerElement,
  generalizedTime,
  integerOctets,
  parseDer,
  sequence,
  sequenceOf,
  smallInteger,
  TAG,
  time,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { readExtensions } from '../../x509/certificate/extension-reader.js';
import type { Extension } from '../../x509/model.js';
import { generalizedToDecimal, instantToDecimal, utcToDecimal } from './decimal-time.js';
import type { CrlEntry } from './subjects.js';

/**
 * The longest entry of any issuer: the name of another issuer is the longest field that it may
 * have.
 */
export const ENTRY_BYTES_MAX = 4 * 1024;

/**
 * Reads the SEQUENCE in `bytes` from `start` to `end`. null: success; otherwise the reason why it
 * is no entry. The caller sets `order`, because it needs the entry before.
 */
export function readEntry(
  entry: CrlEntry,
  bytes: Bytes,
  { start, end }: { readonly start: number; readonly end: number },
): string | null {
  entry.reason = null;
  entry.reasonIsCritical = false;
  entry.hasInvalidityDate = false;
  entry.invalidAt = 0;
  entry.invalidityDateIsCritical = false;
  entry.hasCertificateIssuer = false;
  entry.certificateIssuerIsCritical = false;
  entry.unknown = null;
  entry.unknownIsCritical = false;
  entry.fault = null;
  if (readPlain(entry, bytes, { start, end })) return null;
  const whole = bytes.subarray(start, end);
  const parsed = parseDer(whole, (root) => readAny(entry, root));
  return parsed.ok ? null : parsed.error.rule;
}

/** The strict reader rejects earlier years. */
const YEAR_100 = 1_000_000_000_000;

/** false: the strict reader must read the entry from its beginning. */
function readPlain(
  entry: CrlEntry,
  bytes: Bytes,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  const serialAt = start + 4;
  const serialLength = bytes[start + 3] as number;
  const timeAt = serialAt + serialLength;
  if (bytes[start + 2] !== TAG.integer || timeAt + 2 > end || serialLength === 0 || serialLength >= 0x80) return false;
  const first = bytes[serialAt] as number;
  if (serialLength > 1 && (first === 0 || first === 0xff) && first >> 7 === (bytes[serialAt + 1] as number) >> 7)
    return false;
  entry.bytes = bytes;
  entry.serialAt = serialAt;
  entry.serialLength = serialLength;
  const utc = bytes[timeAt] === TAG.utcTime;
  const timeLength = utc ? 13 : 15;
  const at = timeAt + 2 + timeLength;
  if ((!utc && bytes[timeAt] !== TAG.generalizedTime) || bytes[timeAt + 1] !== timeLength || at > end) return false;
  entry.form = utc ? 'utcTime' : 'generalizedTime';
  entry.revokedAt = utc ? utcToDecimal(bytes, timeAt + 2) : generalizedToDecimal(bytes, timeAt + 2);
  if (!(entry.revokedAt >= YEAR_100)) return false;
  return at === end || readPlainExtensions(entry, bytes, { start: at, end });
}

const REASON_CODE = Uint8Array.of(0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01);
const INVALIDITY_DATE = Uint8Array.of(0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11, 0x18, 0x0f);

/** Reads reasonCode and then invalidityDate, or one of them, and nothing else. */
function readPlainExtensions(
  entry: CrlEntry,
  bytes: Bytes,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  let at = start + 2;
  if (bytes[start] !== TAG.sequence || at + (bytes[start + 1] as number) !== end || at === end) return false;
  if (at + 12 <= end && startsWith(bytes, at, REASON_CODE)) {
    const code = bytes[at + 11] as number;
    if (code >= 0x80) return false;
    entry.reason = code;
    at += 12;
  }
  if (at + 26 === end && startsWith(bytes, at, INVALIDITY_DATE)) {
    entry.invalidAt = generalizedToDecimal(bytes, at + 11);
    if (!(entry.invalidAt >= YEAR_100)) return false;
    entry.hasInvalidityDate = true;
    at += 26;
  }
  return at === end;
}

function startsWith(bytes: Bytes, at: number, expected: Bytes): boolean {
  for (let octet = 0; octet < expected.length; octet += 1) if (bytes[at + octet] !== expected[octet]) return false;
  return true;
}

/** As `readPlain`, for any entry. */
function readAny(entry: CrlEntry, root: DerElement): void {
  const fields = sequence(root, 'revokedCertificate');
  const serial = fields.next(TAG.integer, 'userCertificate');
  integerOctets(serial, 'userCertificate');
  entry.bytes = serial.bytes;
  entry.serialAt = serial.contentAt;
  entry.serialLength = serial.end - serial.contentAt;
  const { form, at } = time(fields.any('revocationDate'), 'revocationDate');
  entry.form = form;
  entry.revokedAt = instantToDecimal(at);
  const list = fields.optional(TAG.sequence);
  fields.end();
  if (list === null) return;
  entry.reason = null;
  entry.hasInvalidityDate = false;
  entry.invalidAt = 0;
  for (const extension of readExtensions(list, 'crlEntryExtensions')) noteExtension(entry, extension);
}

function noteExtension(entry: CrlEntry, { oid, critical, value }: Extension): void {
  switch (oid) {
    case OID.reasonCode:
      entry.reason = readValue(entry, value, (root) => smallInteger(root, 'cRLReason', TAG.enumerated));
      entry.reasonIsCritical = critical;
      return;
    case OID.invalidityDate:
      entry.invalidAt =
        readValue(entry, value, (root) => instantToDecimal(generalizedTime(root, 'invalidityDate'))) ?? 0;
      entry.hasInvalidityDate = true;
      entry.invalidityDateIsCritical = critical;
      return;
    case OID.certificateIssuer:
      readValue(entry, value, (root) => sequenceOf(root, 'certificateIssuer'));
      entry.hasCertificateIssuer = true;
      entry.certificateIssuerIsCritical = critical;
      return;
    default:
      if (entry.unknown === null || (critical && !entry.unknownIsCritical)) entry.unknown = oid;
      entry.unknownIsCritical ||= critical;
  }
}

function readValue<Value>(entry: CrlEntry, value: Bytes, reader: (root: DerElement) => Value): Value | null {
  const parsed = parseDer(value, reader);
  if (parsed.ok) return parsed.value;
  entry.fault ??= parsed.error.rule;
  return null;
}
