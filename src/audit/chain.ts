/**
 * The hash chain of the audit log. Leaves are hashed as in a Merkle tree (RFC 6962 2.1) from the
 * first entry on, so that the log can become such a tree without being rewritten. The chain hash of
 * an entry covers everything before it.
 */
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { sha256 } from '../kernel/digest.js';
import { canonicalJson } from '../kernel/json.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type AuditEntry, type AuditOrigin, makeEntry, readEntry } from './entry.js';
import type { AuditEvent } from './events.js';

/** The last entry of a log, or of the part of it that has been read. */
type ChainHead = { readonly seq: number; readonly chainHash: Bytes };

/** The head of a log without entries. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, chainHash: new Uint8Array(32) };

const LEAF_PREFIX = Uint8Array.of(0);

/** SHA-256(0x00 || entry), RFC 6962 2.1. */
export function leafHash(entry: Bytes): Bytes {
  return sha256(LEAF_PREFIX, entry);
}

/** SHA-256(chain hash of the previous entry || leaf hash). The first entry uses 32 zero bytes. */
export function chainHash(previous: Bytes, leaf: Bytes): Bytes {
  return sha256(previous, leaf);
}

/** Returns the entries for these events after `head`, in their order. */
export function extendChain(
  head: ChainHead,
  events: readonly AuditEvent[],
  origin: AuditOrigin,
): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  let { seq, chainHash: previous } = head;
  for (const event of events) {
    seq += 1;
    const { bytes, keys } = makeEntry(seq, event, origin);
    const leaf = leafHash(bytes);
    previous = chainHash(previous, leaf);
    entries.push({ seq, bytes, leafHash: leaf, chainHash: previous, keys });
  }
  return entries;
}

export type ChainRule =
  /** The number is not the next one: an entry was removed, inserted or moved here. */
  | 'numbers-without-gap'
  /** The bytes belong to another entry. */
  | 'number-in-the-entry'
  /** The bytes were altered. */
  | 'leaf-hash-matches'
  /** What the entry is searched by is not what its bytes say: a search would not find it. */
  | 'search-keys-match'
  /** This entry was altered together with its hashes, or the previous one was. */
  | 'chain-hash-matches'
  /** The log was rewritten at or before this entry. */
  | 'checkpoint-matches'
  /** A checkpoint covers entries that are missing: the log was truncated before this one. */
  | 'entries-up-to-checkpoint';

export type ChainFault = { readonly seq: number; readonly rule: ChainRule };

/**
 * Reads the log once, in order, and returns the first entry that is not as it was written. `from`
 * is the head before the first entry; checkpoints before it are ignored. Memory does not grow with
 * the log.
 */
export async function verifyChain(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  trusted: { readonly from?: ChainHead; readonly checkpoints?: readonly ChainHead[] } = {},
): Promise<Result<{ readonly count: number; readonly head: ChainHead }, ChainFault>> {
  const from = trusted.from ?? EMPTY_CHAIN;
  // Two checkpoints of one entry may differ, if the log was shown differently to two auditors. No
  // log corresponds to both, so both are compared.
  const checkpoints = new Map<number, ChainHead[]>();
  for (const one of trusted.checkpoints ?? []) checkpoints.set(one.seq, [...(checkpoints.get(one.seq) ?? []), one]);
  let head = from;
  for await (const entry of entries) {
    const rule = brokenRule(head, entry, checkpoints.get(head.seq + 1) ?? []);
    if (rule !== null) return err({ seq: head.seq + 1, rule });
    head = { seq: entry.seq, chainHash: entry.chainHash };
  }
  const last = Math.max(0, ...checkpoints.keys());
  if (last > head.seq) return err({ seq: head.seq + 1, rule: 'entries-up-to-checkpoint' });
  return ok({ count: head.seq - from.seq, head });
}

function brokenRule(head: ChainHead, entry: AuditEntry, checkpoints: readonly ChainHead[]): ChainRule | null {
  if (entry.seq !== head.seq + 1) return 'numbers-without-gap';
  const leaf = leafHash(entry.bytes);
  if (!equalBytes(leaf, entry.leafHash)) return 'leaf-hash-matches';
  const read = readEntry(entry.bytes);
  if (read?.seq !== entry.seq) return 'number-in-the-entry';
  if (canonicalJson(read.keys) !== canonicalJson(entry.keys)) return 'search-keys-match';
  if (!equalBytes(chainHash(head.chainHash, leaf), entry.chainHash)) return 'chain-hash-matches';
  if (!checkpoints.every((one) => equalBytes(one.chainHash, entry.chainHash))) return 'checkpoint-matches';
  return null;
}
