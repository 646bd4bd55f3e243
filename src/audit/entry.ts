/**
 * The bytes of an audit entry: canonical JSON (RFC 8785), so that anybody can reproduce and hash
 * them.
 */
import type { Bytes } from '../kernel/bytes.js';
import { utf8 } from '../kernel/bytes.js';
import { canonicalJson } from '../kernel/json.js';
import type { AuditEvent } from '../ports/store/audit.js';

/**
 * `{"actor","at","details","outcome","seq","type"}`. `at` is RFC 3339 in UTC with milliseconds;
 * `seq` counts from 1 without gaps. The number is part of the hashed bytes, so that no entry can
 * pass for another.
 */
export function numberedEntry(seq: number, event: AuditEvent): Bytes {
  const { actor, at, details, outcome, type } = event;
  return utf8(canonicalJson({ actor, at: new Date(at).toISOString(), details, outcome, seq, type }));
}

/** Returns the number in an entry's bytes, or null when they are not an entry. */
export function numberOf(bytes: Bytes): number | null {
  try {
    const entry: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof entry !== 'object' || entry === null || !('seq' in entry)) return null;
    return typeof entry.seq === 'number' ? entry.seq : null;
  } catch {
    return null;
  }
}
