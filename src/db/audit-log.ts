/** The audit log: written in the transaction of what it records, chained from the one row that holds its head. */
import { extendChain } from '../audit/chain.js';
import { present } from '../kernel/assert.js';
import type { AuditEntry, Reads, Transaction } from '../ports/store.js';
import { blob, bytes, integer, type Row } from './columns.js';
import type { Session } from './session.js';

function entryOf(row: Row): AuditEntry {
  return {
    seq: integer(row, 'seq'),
    bytes: bytes(row, 'bytes'),
    leafHash: bytes(row, 'leaf_hash'),
    chainHash: bytes(row, 'chain_hash'),
  };
}

function headOf(row: Row | null) {
  const head = present(row, 'head of the audit log');
  return { seq: integer(head, 'seq'), chainHash: bytes(head, 'chain_hash') };
}

export function auditReads(session: Session): Pick<Reads, 'auditEntries' | 'auditHead'> {
  const { db } = session;
  return {
    auditEntries: async ({ from, limit }) => {
      const page = db('audit_entries').where('seq', '>=', from).orderBy('seq').limit(limit);
      return (await session.rows(page)).map(entryOf);
    },
    auditHead: async () => headOf(await session.first(db('audit_head').where({ id: 1 }))),
  };
}

/** Under SQLite's limit of terms in a compound SELECT, which is how knex inserts many rows at once. */
const ROWS_PER_INSERT = 200;

export function auditWrites(session: Session): Pick<Transaction, 'appendAudit'> {
  const { db } = session;
  return {
    appendAudit: async (events) => {
      if (events.length === 0) return [];
      const head = headOf(await session.first(db('audit_head').where({ id: 1 }).forUpdate()));
      const entries = extendChain(head, events);
      const rows = entries.map((entry) => ({
        seq: entry.seq,
        bytes: blob(entry.bytes),
        leaf_hash: blob(entry.leafHash),
        chain_hash: blob(entry.chainHash),
      }));
      for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
        await session.rows(db('audit_entries').insert(rows.slice(at, at + ROWS_PER_INSERT)));
      }
      const last = present(rows.at(-1), 'last of the new entries');
      await session.changes(db('audit_head').where({ id: 1 }).update({ seq: last.seq, chain_hash: last.chain_hash }));
      return entries;
    },
  };
}
