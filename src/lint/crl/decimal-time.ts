/**
 * Times of CRL entries as numbers that read `YYYYMMDDhhmmss`. They are compared a million times,
 * which is too often to make a Date each time.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';

/**
 * Reads `YYMMDDhhmmssZ` at `at`, with years as in RFC 5280 4.1.2.5.1; NaN when it is no valid time.
 */
export function utcToDecimal(bytes: Bytes, at: number): number {
  const short = two(bytes, at);
  return decimalOf(bytes, at + 2, short + (short < 50 ? 2000 : 1900));
}

/** Reads `YYYYMMDDhhmmssZ` at `at`; NaN when it is no valid time. */
export function generalizedToDecimal(bytes: Bytes, at: number): number {
  return decimalOf(bytes, at + 4, two(bytes, at) * 100 + two(bytes, at + 2));
}

/** Converts an instant, rounded down to the second. */
export function instantToDecimal(at: Instant): number {
  return Number(new Date(at).toISOString().slice(0, 19).replace(/\D/g, ''));
}

/** Converts back to an instant. */
export function decimalToInstant(decimal: number): Instant {
  const digits = String(decimal).padStart(14, '0');
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Reads `MMDDhhmmssZ` at `at` as a time of `year`; a year of NaN does not exist. */
function decimalOf(bytes: Bytes, at: number, year: number): number {
  const month = two(bytes, at);
  const day = two(bytes, at + 2);
  const hour = two(bytes, at + 4);
  const minute = two(bytes, at + 6);
  const second = two(bytes, at + 8);
  const isThere =
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(month, year) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    bytes[at + 10] === 0x5a;
  return isThere ? (((year * 100 + month) * 100 + day) * 100 + hour) * 10_000 + minute * 100 + second : Number.NaN;
}

function daysOf(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** NaN for anything but two digits; every comparison with it is false. */
function two(bytes: Bytes, at: number): number {
  const tens = (bytes[at] as number) - 0x30;
  const ones = (bytes[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
