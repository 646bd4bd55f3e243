/**
 * Decodes the request in a GET path (RFC 6960 A.1, RFC 9919 6). Clients encode it in base64 and
 * percent-encode the result, but not all of them percent-encode the same characters.
 */
import { type Bytes, fromBase64 } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';

/** The length of a path with the longest request, with each base64 character percent-encoded. */
const PATH_CHARACTERS_MAX = Math.ceil(LIMITS.ocspRequestBytesMax / 3) * 4 * 3;

/**
 * Returns the bytes that the path encodes, which may be something else than a request; null: it is
 * empty, too long, or cannot be decoded. `encoded` is the path after the responder's own path, as
 * it was received, with or without its leading slash. Slashes of the base64 need not be encoded,
 * and padding may be missing.
 */
export function ocspRequestFromPath(encoded: string): Bytes | null {
  if (encoded.length > PATH_CHARACTERS_MAX) return null;
  const base64 = percentDecoded(encoded);
  if (base64 === null) return null;
  // A DER SEQUENCE starts with `M` in base64, so a leading slash belongs to the path. Without the
  // lookbehind, /=+$/ takes quadratic time: seconds for 90,000 `=` that are not at the end.
  const text = base64.replace(/^\//, '').replace(/(?<!=)=+$/, '');
  const bytes = fromBase64(text.padEnd(Math.ceil(text.length / 4) * 4, '='));
  return bytes === null || bytes.length === 0 ? null : bytes;
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
