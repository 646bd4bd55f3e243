/**
 * Reads and writes the audit log. An entry is written in the transaction of the change that it
 * records. The hash of the last entry is in a single row, which each transaction that adds entries
 * reads and updates.
 */
import { extendChain } from '../../../audit/chain.js';
import type { AuditEntry, AuditOrigin } from '../../../audit/entry.js';
import type { AuditEvent } from '../../../audit/events.js';
import { present } from '../../../kernel/assert.js';
import { memoize } from '../../../kernel/memoize.js';
import type { AuditReads, AuditWrites } from '../../../ports/store/audit.js';
import { insert, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { blob, bytes, integer, type Row } from '../columns.js';
import { columnsOf, entryOf } from './audit-row.js';
import { searchAudit } from './audit-search.js';

const MOVE_HEAD_SQL = 'update audit_head set seq = ?, chain_hash = ? where id = 1';
const HEAD_SQL = 'select seq, chain_hash from audit_head where id = 1';

function headOf(row: Row | undefined) {
  const head = present(row, 'head of the audit log');
  return { seq: integer(head, 'seq'), chainHash: bytes(head, 'chain_hash') };
}

export function auditReads(session: Session): AuditReads {
  const { db } = session;
  return {
    auditEntries: async ({ from, limit }) => {
      const page = db('audit_entries').where('seq', '>=', from).orderBy('seq').limit(limit);
      return (await session.rows(page)).map(entryOf);
    },
    searchAudit: (filter) => searchAudit(session, filter),
    auditHead: async () => headOf((await session.sql(HEAD_SQL))[0]),
  };
}

export type BufferedAuditWrites = AuditWrites & {
  /**
   * Writes the entries. Called once before the commit, so that the entries of all requests of a
   * transaction are added to the chain together. Returns the last entry; null: there is none.
   */
  readonly writeAudit: () => Promise<Pick<AuditEntry, 'seq' | 'chainHash'> | null>;
};

export function auditWrites(session: Session, origin: AuditOrigin): BufferedAuditWrites {
  const appended: AuditEvent[] = [];
  // The head is read once: transactions are serial, so it does not change before the end of this
  // one.
  const head = memoize(async (reader: Session) => headOf((await reader.sql(HEAD_SQL))[0]));
  return {
    appendAudit: async (events) => {
      if (events.length === 0) return [];
      const before = appended.length;
      appended.push(...events);
      const { seq } = await head(session);
      return events.map((_, at) => seq + before + at + 1);
    },
    writeAudit: async () => {
      if (appended.length === 0) return null;
      const entries = extendChain(await head(session), appended, origin);
      for (const batch of statementBatches(entries)) await insert(session, 'audit_entries', batch.map(columnsOf));
      const last = present(entries.at(-1), 'last of the new entries');
      await session.sql(MOVE_HEAD_SQL, [last.seq, blob(last.chainHash)]);
      return last;
    },
  };
}
