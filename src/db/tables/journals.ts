/**
 * Reads and writes the positions that jobs have reached in the journals of signers, and the numbers
 * of certificates that they have counted there. Looks up whether the database knows signatures that
 * are in a journal.
 */
import { assert } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { DAY_MS } from '../../kernel/duration.js';
import type { IssuerId } from '../../ports/signer.js';
import { type JournalReads, type JournalWrites, LOOK_UP_MAX } from '../../ports/store/journals.js';
import { placeholders, rowPlaceholders } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { bytes, integer, text, textOrNull } from './columns.js';

export function journalReads(session: Session): JournalReads {
  return {
    journalPosition: async (journal, purpose) => {
      const row = await session.first(session.db('journal_positions').where({ journal, purpose }));
      if (row === null) return null;
      return {
        segment: integer(row, 'segment'),
        octet: integer(row, 'octet'),
        seq: integer(row, 'seq'),
        sha256: text(row, 'line_sha256'),
      };
    },
    intentTimes: async (signed) => {
      assert(signed.length <= LOOK_UP_MAX, 'a look-up has a limit');
      if (signed.length === 0) return [];
      // The digest is computed from the bytes of the row, so that altered bytes are noticed.
      const sql = `select issuer, serial, tbs, created_at from certificates where serial in ${placeholders(signed.length)}`;
      const rows = await session.sql(
        sql,
        signed.map(({ serial }) => serial),
      );
      const known = new Map(
        rows.map((row) => [
          nameOf(text(row, 'issuer'), text(row, 'serial'), sha256Hex(bytes(row, 'tbs'))),
          integer(row, 'created_at'),
        ]),
      );
      return signed.map((one) => known.get(nameOf(one.issuer, one.serial, one.sha256)) ?? null);
    },
    areCrlsKnown: async (signed) => {
      assert(signed.length <= LOOK_UP_MAX, 'a look-up has a limit');
      if (signed.length === 0) return [];
      const keys = rowPlaceholders(signed.length, '(?, ?, cast(? as bigint))');
      const sql = `select issuer, scope, number, tbs_sha256 from crls where (issuer, scope, number) in (values ${keys})`;
      const rows = await session.sql(
        sql,
        signed.flatMap(({ issuer, scope, number }) => [issuer, scope, number]),
      );
      const known = new Map(
        rows.map((row) => [
          nameOf(text(row, 'issuer'), text(row, 'scope'), integer(row, 'number')),
          textOrNull(row, 'tbs_sha256'),
        ]),
      );
      return signed.map((one) => known.get(nameOf(one.issuer, one.scope, one.number)) === one.sha256);
    },
    incompleteJournals: async (day) => {
      const ids = [day, day + 1].map((one) => lowestIdAt(one * DAY_MS));
      const rows = await session.sql(INCOMPLETE_SQL, [...ids, day]);
      return rows.map((row) => ({
        issuer: text(row, 'issuer') as IssuerId,
        certificates: integer(row, 'certificates'),
        entries: integer(row, 'entries'),
      }));
    },
  };
}

/**
 * Finds issuers with more signed certificates of a day than journal entries. Ids ascend in time
 * (UUID version 7), so the primary key finds the certificates of a day.
 */
const INCOMPLETE_SQL = `select signed.issuer as issuer, certificates, coalesce(entries, 0) as entries
  from (select issuer, count(*) as certificates from certificates
    where id >= ? and id < ? and signature is not null group by issuer) as signed
  left join (select issuer, cast(sum(entries) as bigint) as entries from journal_counts where day = ? group by issuer) as journalled
    on journalled.issuer = signed.issuer
  where certificates > coalesce(entries, 0) order by signed.issuer`;

/**
 * Returns a text that sorts before all ids that are made at this time or later: 48 bits of
 * milliseconds.
 */
function lowestIdAt(at: Instant): string {
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

export function journalWrites(session: Session): JournalWrites {
  return {
    addJournalled: async (journal, counts) => {
      for (const { issuer, day, count } of counts)
        await session.sql(
          `insert into journal_counts (journal, issuer, day, entries) values (?, ?, ?, ?)
            on conflict (journal, issuer, day) do update set entries = journal_counts.entries + excluded.entries`,
          [journal, issuer, day, count],
        );
    },
    setJournalPosition: async ({ journal, purpose, token, node, position }) => {
      const { segment, octet, seq, sha256 } = position;
      const row = { journal, purpose, token, node, segment, octet, seq, line_sha256: sha256 };
      await session.rows(session.db('journal_positions').insert(row).onConflict(['journal', 'purpose']).merge());
    },
  };
}

const nameOf = (...parts: readonly (string | number)[]): string => parts.join(' ');
