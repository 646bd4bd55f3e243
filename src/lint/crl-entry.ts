/**
 * One entry of revokedCertificates (RFC 5280 5.1.2.6 and 5.3), checked octet by octet without making an object of it: this
 * runs a million times for a list, in the service, in the signer and before publication. It takes only what this platform
 * lists: a serial number, a date, and reasonCode and invalidityDate, each at most once and not critical.
 */
import type { Bytes } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';
import type { CrlRule } from './crl-rules.js';

/** Of a whole entry: every length in it is one octet. */
export const ENTRY_BYTES_MAX = 2 + 0x7f;

/**
 * Content octets of the last serial number, of which the first `length` count, and the number of its entry's reason, 0 without
 * one; how many entries say removeFromCRL.
 */
export type LastSerial = { readonly octets: Bytes; length: number; reason: number; removals: number };

export function noSerialYet(): LastSerial {
  return { octets: new Uint8Array(LIMITS.serialOctetsMax + 1), length: 0, reason: 0, removals: 0 };
}

/** null when the entry that is `bytes` from `start` to `end` may stand after `last`, which then becomes its serial number. */
export function checkEntry(
  bytes: Bytes,
  { start, end }: { readonly start: number; readonly end: number },
  last: LastSerial,
): CrlRule | null {
  let at = start + 2;
  if (at + 2 > end || bytes[at] !== 0x02) return 'e_crl_entry_is_well_formed';
  const serialLength = bytes[at + 1] as number;
  at += 2;
  if (at + serialLength > end) return 'e_crl_entry_is_well_formed';
  const serial = checkSerial(bytes, { start: at, length: serialLength }, last);
  if (serial !== null) return serial;
  at += serialLength;
  const time = timeLength(bytes, at, end);
  if (time === 0) return 'e_crl_entry_is_well_formed';
  at += time;
  return at === end ? null : checkExtensions(bytes, { start: at, end }, last);
}

function checkSerial(
  bytes: Bytes,
  { start, length }: { readonly start: number; readonly length: number },
  last: LastSerial,
): CrlRule | null {
  const first = bytes[start] as number;
  const second = bytes[start + 1] as number;
  if (length === 0 || (length > 1 && first === 0 && second < 0x80)) return 'e_crl_entry_is_well_formed';
  const magnitude = first === 0 ? length - 1 : length;
  if (first >= 0x80 || magnitude === 0 || magnitude > LIMITS.serialOctetsMax) return 'e_crl_serial_is_positive';
  if (!isAfter(bytes, { start, length }, last)) return 'e_crl_entries_ascending_and_unique';
  for (let octet = 0; octet < length; octet += 1) last.octets[octet] = bytes[start + octet] as number;
  last.length = length;
  last.reason = 0;
  return null;
}

/** Of positive INTEGERs in the fewest octets the longer is the greater. */
function isAfter(
  bytes: Bytes,
  { start, length }: { readonly start: number; readonly length: number },
  last: LastSerial,
): boolean {
  if (length !== last.length) return length > last.length;
  for (let octet = 0; octet < length; octet += 1) {
    const difference = (bytes[start + octet] as number) - (last.octets[octet] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Octets of the Time at `at`: UTCTime (until 2049) or GeneralizedTime (from 2050), a real day and second; 0 otherwise. */
function timeLength(bytes: Bytes, at: number, end: number): number {
  const utc = bytes[at] === 0x17;
  const length = utc ? 13 : 15;
  if ((!utc && bytes[at] !== 0x18) || bytes[at + 1] !== length || at + 2 + length > end) return 0;
  const shortYear = utc ? two(bytes, at + 2) : 0;
  const year = utc ? shortYear + (shortYear < 50 ? 2000 : 1900) : fourDigits(bytes, at + 2);
  if (!utc && year < 2050) return 0;
  return isMoment(bytes, at + 2 + length - 11, year) ? 2 + length : 0;
}

/** `MMDDhhmmssZ` at `at` names a second of `year`; a year of NaN does not exist. */
function isMoment(bytes: Bytes, at: number, year: number): boolean {
  const month = two(bytes, at);
  const day = two(bytes, at + 2);
  return (
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(month, year) &&
    two(bytes, at + 4) < 24 &&
    two(bytes, at + 6) < 60 &&
    two(bytes, at + 8) < 60 &&
    bytes[at + 10] === 0x5a
  );
}

function daysOf(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** NaN for what is not two digits, which no comparison accepts. */
function two(bytes: Bytes, at: number): number {
  const tens = (bytes[at] as number) - 0x30;
  const ones = (bytes[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function fourDigits(bytes: Bytes, at: number): number {
  return two(bytes, at) * 100 + two(bytes, at + 2);
}

const REASON_CODE = Uint8Array.of(0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01);
const INVALIDITY_DATE = Uint8Array.of(0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11, 0x18, 0x0f);

function checkExtensions(
  bytes: Bytes,
  { start, end }: { readonly start: number; readonly end: number },
  seen: LastSerial,
): CrlRule | null {
  let at = start + 2;
  if (bytes[start] !== 0x30 || at + (bytes[start + 1] as number) !== end || at === end)
    return 'e_crl_entry_extensions_are_ours';
  let reasonSeen = false;
  let dateSeen = false;
  while (at < end) {
    if (!reasonSeen && at + 12 <= end && startsWith(bytes, at, REASON_CODE)) {
      const code = bytes[at + 11] as number;
      const reason = checkReason(code);
      if (reason !== null) return reason;
      seen.reason = code;
      if (code === REMOVE_FROM_CRL) seen.removals += 1;
      reasonSeen = true;
      at += 12;
    } else if (!dateSeen && at + 26 <= end && startsWith(bytes, at, INVALIDITY_DATE)) {
      if (!isMoment(bytes, at + 15, fourDigits(bytes, at + 11))) return 'e_crl_entry_is_well_formed';
      dateSeen = true;
      at += 26;
    } else {
      return 'e_crl_entry_extensions_are_ours';
    }
  }
  return null;
}

function startsWith(bytes: Bytes, at: number, expected: Bytes): boolean {
  for (let octet = 0; octet < expected.length; octet += 1) if (bytes[at + octet] !== expected[octet]) return false;
  return true;
}

const REMOVE_FROM_CRL = 8;

/**
 * keyCompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold, privilegeWithdrawn; and removeFromCRL, of which
 * only the extensions of the list can say whether it is right.
 */
function checkReason(code: number): CrlRule | null {
  if (code === 0) return 'e_crl_reason_not_unspecified';
  return code === 1 || (code >= 3 && code <= 6) || code === REMOVE_FROM_CRL || code === 9
    ? null
    : 'e_crl_reason_is_ours';
}
