/** Counts the intents of each profile that were stored in each minute. */
import type { IssuanceMinuteReads, IssuanceMinuteWrites } from '../../ports/store/certificates.js';
import { placeholders, rowPlaceholders } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { integer, text } from './columns.js';

export function issuanceMinuteReads(session: Session): IssuanceMinuteReads {
  return {
    issuedMinutes: async ({ profiles, from }) => {
      if (profiles.length === 0) return [];
      const sql = `select * from issuance_minutes where profile in ${placeholders(profiles.length)} and minute >= ?`;
      const rows = await session.sql(sql, [...profiles, from]);
      return rows.map((row) => ({
        profile: text(row, 'profile'),
        minute: integer(row, 'minute'),
        count: integer(row, 'count'),
      }));
    },
  };
}

export function issuanceMinuteWrites(session: Session): IssuanceMinuteWrites {
  return {
    countIssuance: async (counted) => {
      if (counted.length === 0) return;
      await session.sql(
        `insert into issuance_minutes (profile, minute, count) values ${rowPlaceholders(counted.length, '(?, ?, ?)')}
          on conflict (profile, minute) do update set count = issuance_minutes.count + excluded.count`,
        counted.flatMap(({ profile, minute, count }) => [profile, minute, count]),
      );
    },
    deleteIssuanceMinutes: async (before) => {
      await session.sql('delete from issuance_minutes where minute < ?', [before]);
    },
  };
}
