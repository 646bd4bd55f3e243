/**
 * Counts certificates by their ends. For an account with an unlimited scope, the index of the ends
 * has all columns that are needed.
 */
import type { Knex } from 'knex';
import type { EndingCertificates, ExpiringReads } from '../../../ports/store/counts/expiring.js';
import type { Session } from '../../engine/session.js';
import { integer, text, textOrNull } from '../columns.js';
import { applyScope } from '../search.js';

/**
 * SQL for the number of the week in which a certificate ends. Week 0 begins on Monday, 5 January
 * 1970, which is day 4 if 1 January is day 0.
 */
const WEEK = '(not_after / 86400000 - 4) / 7';

export function expiringReads(session: Session): ExpiringReads {
  return {
    countEndingByWeek: async (certificates) => {
      const { query, countedBefore } = await endingCertificates(session, certificates);
      const rows = await session.rows(
        query
          .select('profile', session.db.raw(`${WEEK} as week`))
          .count({ count: '*' })
          .groupByRaw('1, 2')
          .orderByRaw('1, 2'),
      );
      return {
        rows: rows.map((row) => ({
          profile: text(row, 'profile'),
          week: integer(row, 'week'),
          count: integer(row, 'count'),
        })),
        countedBefore,
      };
    },
    countEndingByStructure: async ({ profile, limit, ...certificates }) => {
      const { query, countedBefore } = await endingCertificates(session, certificates);
      const rows = await session.rows(
        query
          .where({ profile })
          .select('structure_id')
          .count({ count: '*' })
          .groupBy('structure_id')
          .orderByRaw('count(*) desc, structure_id')
          .limit(limit),
      );
      return {
        rows: rows.map((row) => ({ structureId: textOrNull(row, 'structure_id'), count: integer(row, 'count') })),
        countedBefore,
      };
    },
  };
}

/**
 * Returns the query for the certificates that are counted. Of the certificates that end in the
 * period, only the first `examinedMax`, ordered by end, are examined. If there are more,
 * `countedBefore` is the end of the first one that is not examined; null: all are examined.
 */
async function endingCertificates(
  { db, rows }: Session,
  { from, until, scope, examinedMax }: EndingCertificates,
): Promise<{ readonly query: Knex.QueryBuilder; readonly countedBefore: number | null }> {
  const inPeriod = (): Knex.QueryBuilder =>
    db('certificates').where('not_after', '>=', from).where('not_after', '<=', until);
  const [beyond] = await rows(
    inPeriod().select('not_after', 'id').orderBy(['not_after', 'id']).offset(examinedMax).limit(1),
  );
  const query = inPeriod().whereIn('status', ['issued', 'suspended']);
  if (beyond !== undefined)
    query.whereRaw('(not_after, id) < (?, ?)', [integer(beyond, 'not_after'), text(beyond, 'id')]);
  applyScope(query, scope);
  return { query, countedBefore: beyond === undefined ? null : integer(beyond, 'not_after') };
}
