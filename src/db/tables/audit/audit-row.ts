/** Converts rows of `audit_entries` to audit entries, and entries to columns. */
import type { AuditEntry } from '../../../audit/entry.js';
import { present } from '../../../kernel/assert.js';
import { fromHex, toHex } from '../../../kernel/bytes.js';
import { blob, bytes, bytesOrNull, integer, oneOf, type Row, text, textOrNull } from '../columns.js';

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
      holderTag: tagOrNull(row, 'holder_tag'),
      cardTag: tagOrNull(row, 'card_tag'),
    },
  };
}

export function columnsOf({ seq, bytes: entry, leafHash, chainHash, keys }: AuditEntry) {
  const { at, type, actor, outcome, requestId, subjectId, holderTag, cardTag } = keys;
  return {
    seq,
    at,
    type,
    actor,
    outcome,
    request_id: requestId,
    subject_id: subjectId,
    holder_tag: holderTag === null ? null : tagColumn(holderTag),
    card_tag: cardTag === null ? null : tagColumn(cardTag),
    bytes: blob(entry),
    leaf_hash: blob(leafHash),
    chain_hash: blob(chainHash),
  };
}

function tagOrNull(row: Row, column: string): string | null {
  const tag = bytesOrNull(row, column);
  return tag === null ? null : toHex(tag);
}

/**
 * Converts a tag to its column. Tags are stored as octets, which take half of the space of their
 * hex digits.
 */
export function tagColumn(tag: string): Buffer {
  return blob(present(fromHex(tag), 'octets of a tag'));
}
