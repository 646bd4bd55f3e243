/** The positions that jobs have reached in journals, and look-ups of signatures from them. */
import { assert } from '../../kernel/assert.js';
import { type JournalReads, type JournalWrites, LOOK_UP_MAX } from '../../ports/store/journals.js';
import { placeholders, rowPlaceholders } from '../engine/many.js';
import type { Session } from '../engine/session.js';
import { integer, text, textOrNull } from './columns.js';

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
    areCertificatesKnown: async (signed) => {
      assert(signed.length <= LOOK_UP_MAX, 'a look-up has a limit');
      if (signed.length === 0) return [];
      const sql = `select issuer, serial, tbs_sha256 from certificates where serial in ${placeholders(signed.length)}`;
      const rows = await session.sql(
        sql,
        signed.map(({ serial }) => serial),
      );
      const known = new Map(
        rows.map((row) => [nameOf(text(row, 'issuer'), text(row, 'serial')), text(row, 'tbs_sha256')]),
      );
      return signed.map((one) => known.get(nameOf(one.issuer, one.serial)) === one.sha256);
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
  };
}

export function journalWrites(session: Session): JournalWrites {
  return {
    setJournalPosition: async ({ journal, purpose, token, node, position }) => {
      const { segment, octet, seq, sha256 } = position;
      const row = { journal, purpose, token, node, segment, octet, seq, line_sha256: sha256 };
      await session.rows(session.db('journal_positions').insert(row).onConflict(['journal', 'purpose']).merge());
    },
  };
}

const nameOf = (...parts: readonly (string | number)[]): string => parts.join(' ');
