/** Audit entries as they leave the platform: documents of the API, and rows of tables. */
import { toHex } from '../kernel/bytes.js';
import { formatInstantMs } from '../kernel/clock.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import type { AuditEntry } from './entry.js';

/** What the octets of an entry say. */
type EntryContent = {
  readonly details: { readonly [name: string]: Json };
  readonly node: string;
};

export function contentOf({ bytes }: Pick<AuditEntry, 'bytes'>): EntryContent {
  return JSON.parse(new TextDecoder().decode(bytes)) as EntryContent;
}

/** The entry with its hashes, so that its place in the chain can be checked. */
export function entryDocument({ bytes, leafHash, chainHash }: AuditEntry): { readonly [member: string]: Json } {
  const entry = JSON.parse(new TextDecoder().decode(bytes)) as Json;
  return { entry, leafHash: toHex(leafHash), chainHash: toHex(chainHash) };
}

export const ENTRY_COLUMNS = [
  'seq',
  'at',
  'type',
  'outcome',
  'actor',
  'request',
  'subject',
  'node',
  'details',
  'leafHash',
  'chainHash',
] as const;

/** The cells of an entry, in the order of `ENTRY_COLUMNS`; `details` is canonical JSON. */
export function entryCells(entry: AuditEntry): readonly (string | null)[] {
  const { seq, keys, leafHash, chainHash } = entry;
  const { at, type, outcome, actor, requestId, subjectId } = keys;
  const { details, node } = contentOf(entry);
  const told = [String(seq), formatInstantMs(at), type, outcome, actor, requestId, subjectId, node];
  return [...told, canonicalJson(details), toHex(leafHash), toHex(chainHash)];
}
