/** The request in a GET path (RFC 6960 A.1, RFC 9919 5): base64, then percent-encoding, of which clients do more or less. */
import { type Bytes, fromBase64 } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';

/** Every character of the base64 percent-encoded. */
const PATH_CHARACTERS_MAX = Math.ceil(LIMITS.ocspRequestBytesMax / 3) * 4 * 3;

/**
 * `encoded` is the path after the responder's own, as it came over the wire, with or without its leading slash. Slashes of the
 * base64 may stand as they are; padding may be missing. null for anything else.
 */
export function ocspRequestFromPath(encoded: string): Bytes | null {
  if (encoded.length > PATH_CHARACTERS_MAX) return null;
  const base64 = percentDecoded(encoded);
  if (base64 === null) return null;
  // A DER SEQUENCE begins with `M` in base64: a slash in front is the path's.
  // Not /=+$/, which looks from each of them to the end: seconds for 90,000 that something follows.
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
