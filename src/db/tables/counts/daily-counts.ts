/**
 * Reads and writes the numbers of issuances and revocations of each day, and computes them from
 * certificates and changes of status.
 */
import { FINAL_REASONS } from '../../../lifecycle/certificate-states.js';
import type { IssuerId } from '../../../ports/signer.js';
import type { DailyCount, DailyCountReads, DailyCountWrites } from '../../../ports/store/counts/daily-counts.js';
import { rowPlaceholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { integer, oneOf, type Row, text } from '../columns.js';

/**
 * Counts by day, issuer and profile. Both parts begin with an index of the numbers of audit
 * entries. The days are integers, because an integer is divided by the milliseconds of a day.
 */
const COUNT_SQL = `select a.at / 86400000 as day, c.issuer as issuer, c.profile as profile, 'issued' as kind, count(*) as count
    from certificates c join audit_entries a on a.seq = c.issued_seq
    where c.issued_seq > ? and c.issued_seq <= ? group by 1, 2, 3
  union all
  select e.at / 86400000, c.issuer, c.profile, e.reason, count(*)
    from status_events e join certificates c on c.id = e.certificate_id
    where e.audit_seq > ? and e.audit_seq <= ? and e.status = 'revoked' and c.signature is not null
    group by 1, 2, 3, 4`;

const STORED_SQL = `select day, issuer, profile, kind, count from daily_counts
  where day >= ? and day <= ? order by day, issuer, profile, kind`;

export function dailyCountReads(session: Session): DailyCountReads {
  return {
    countEntries: async ({ after, upTo }) => (await session.sql(COUNT_SQL, [after, upTo, after, upTo])).map(countOf),
    dailyCounts: async ({ from, to }) => (await session.sql(STORED_SQL, [from, to])).map(countOf),
  };
}

export function dailyCountWrites(session: Session): DailyCountWrites {
  return {
    addDailyCounts: async (counts) => {
      for (const batch of statementBatches(counts))
        await session.sql(
          `insert into daily_counts (day, issuer, profile, kind, count) values ${rowPlaceholders(batch.length, '(?, ?, ?, ?, ?)')}
            on conflict (day, issuer, profile, kind) do update set count = daily_counts.count + excluded.count`,
          batch.flatMap(({ day, issuer, profile, kind, count }) => [day, issuer, profile, kind, count]),
        );
    },
  };
}

function countOf(row: Row): DailyCount {
  return {
    day: integer(row, 'day'),
    issuer: text(row, 'issuer') as IssuerId,
    profile: text(row, 'profile'),
    kind: oneOf(row, 'kind', ['issued', ...FINAL_REASONS] as const),
    count: integer(row, 'count'),
  };
}
