/**
 * Content octets of an OBJECT IDENTIFIER in dotted decimal (X.690 8.19). They are cached, because a
 * certificate has some forty, and nearly all of them occur in every other certificate too.
 */
import type { Bytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { cacheByBytes } from './decode-cache.js';

const KNOWN = { entriesMax: 512, octetsMax: 64 };

/**
 * Arcs must be in the fewest octets, each below 2^48. The error says what is wrong with the octets.
 */
export const dottedDecimal = cacheByBytes(KNOWN, readArcs);

function readArcs(content: Bytes): Result<string, string> {
  const arcs: number[] = [];
  let arc = 0;
  let start = true;
  for (const octet of content) {
    if (start && octet === 0x80) return err('arc not in the fewest octets');
    arc = arc * 128 + (octet & 0x7f);
    if (arc >= 2 ** 48) return err('arc too large');
    start = (octet & 0x80) === 0;
    if (start) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first, ...rest] = arcs;
  if (first === undefined || !start) return err('OBJECT IDENTIFIER cut off');
  const top = Math.min(2, Math.floor(first / 40));
  return ok([top, first - top * 40, ...rest].join('.'));
}
