/**
 * Content octets of an OBJECT IDENTIFIER in dotted decimal (X.690 8.19). A certificate has some forty, nearly all of them in every
 * other certificate too: what was read is kept, found again by its octets, and thrown away when there is too much of it.
 */
import type { Bytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';

type Known = { readonly octets: Bytes; readonly read: Result<string, string> };

/** Who sends ever new identifiers makes us forget, and read as slowly as if nothing had been kept. */
const KNOWN_MAX = 512;
const known = new Map<number, Known>();

/** The error says what is wrong with the octets. Arcs in the fewest octets, each below 2^48. */
export function dottedDecimal(content: Bytes): Result<string, string> {
  const key = hashOf(content);
  const found = known.get(key);
  if (found !== undefined && areSame(found.octets, content)) return found.read;
  const read = readArcs(content);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, { octets: content.slice(), read });
  return read;
}

/** FNV-1a; two that meet are told apart by their octets. */
function hashOf(content: Bytes): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < content.length; at += 1) hash = Math.imul(hash ^ (content[at] as number), 0x01000193);
  return hash;
}

function areSame(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

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
