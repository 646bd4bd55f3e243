/** Comparison of names (RFC 5280 7.1), whose texts are prepared first (RFC 4518 section 2). */
import type { Attribute, Name } from '../model.js';

/**
 * RFC 4518 2.2 maps these characters to nothing: formats, controls other than spaces, variation
 * selectors and joiners.
 */
const NOTHING = /[\u034f\u180b-\u180d\ufe00-\ufe0f\ufffc]|(?![\t-\r\u0085])[\p{Cc}\p{Cf}]/gu;
const SPACES = /[\s\u0085\p{Z}]+/gu;

/**
 * The form in which two texts of names are compared: mapped, folded, normalised, without
 * insignificant space (RFC 4518 2.2, 2.3, 2.6.1). It is never certified.
 */
export function preparedText(text: string): string {
  const mapped = text.replace(NOTHING, '').replace(SPACES, ' ');
  // Upper case first, so that a sharp s becomes two letters, as the table of RFC 3454 B.2 says. The
  // dotless i is not in that table, but its upper case is an I, which would make it equal to an i.
  const folded = mapped.normalize('NFKC').replace(/[^ı]+/gu, (part) => part.toUpperCase().toLowerCase());
  return folded.normalize('NFKC').replace(SPACES, ' ').trim();
}

export function isSameText(one: string, other: string): boolean {
  return preparedText(one) === preparedText(other);
}

/** All attributes, without their grouping in RDNs. */
export function attributesOf(name: Name): readonly Attribute[] {
  return name.flat();
}

/**
 * Whether two names have the same attributes; how they are grouped and which string types they have
 * does not matter.
 */
export function isSameName(one: Name, other: Name): boolean {
  const canonical = (name: Name) =>
    JSON.stringify(
      attributesOf(name)
        .map(({ type, value }) => `${type}=${preparedText(value)}`)
        .sort(),
    );
  return canonical(one) === canonical(other);
}
