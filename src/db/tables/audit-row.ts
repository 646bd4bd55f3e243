/** An audit entry as a row of its table. */
import type { AuditEntry } from '../../audit/entry.js';
import { blob, bytes, integer, oneOf, type Row, text, textOrNull } from './columns.js';

const OUTCOMES = ['success', 'failure', 'intent'] as const;

export function entryOf(row: Row): AuditEntry {
  return {
    seq: integer(row, 'seq'),
    bytes: bytes(row, 'bytes'),
    leafHash: bytes(row, 'leaf_hash'),
    chainHash: bytes(row, 'chain_hash'),
    keys: {
      at: integer(row, 'at'),
      type: text(row, 'type'),
      actor: text(row, 'actor'),
      outcome: oneOf(row, 'outcome', OUTCOMES),
      requestId: textOrNull(row, 'request_id'),
      subjectId: textOrNull(row, 'subject_id'),
    },
  };
}

export function columnsOf({ seq, bytes: entry, leafHash, chainHash, keys }: AuditEntry) {
  const { at, type, actor, outcome, requestId, subjectId } = keys;
  return {
    seq,
    at,
    type,
    actor,
    outcome,
    request_id: requestId,
    subject_id: subjectId,
    bytes: blob(entry),
    leaf_hash: blob(leafHash),
    chain_hash: blob(chainHash),
  };
}
