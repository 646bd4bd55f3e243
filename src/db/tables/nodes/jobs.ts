/** Reads and writes the schedule of jobs, and reads which runs work on them. */
import { assert } from '../../../kernel/assert.js';
import type { Instant } from '../../../kernel/clock.js';
import { canonicalJson } from '../../../kernel/json.js';
import {
  JOB_CURSOR_CHARACTERS_MAX,
  JOB_ERROR_CHARACTERS_MAX,
  JOB_ITEM_CHARACTERS_MAX,
  type JobItem,
  type JobReads,
  type JobWrites,
  type StoredJob,
} from '../../../ports/store/jobs.js';
import type { Clock } from '../../../ports/world.js';
import { databaseTime } from '../../engine/database-clock.js';
import { padToPowerOfTwo, placeholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { integer, integerOrNull, type Row, text, textOrNull } from '../columns.js';
import { isInForceAt } from './leases.js';

const JOBS_SQL = `select j.*, l.holder, l.held_until, r.ended_at from jobs j
  left join leases l on l.name = case when j.item = '' then j.name else j.name || '/' || j.item end
  left join runs r on r.run = l.holder`;

export function jobReads(session: Session, clock: Clock | null): JobReads {
  const rows = async (sql: string, bindings: readonly (string | number)[]): Promise<readonly StoredJob[]> => {
    const found = await session.sql(`${JOBS_SQL} ${sql}`, bindings);
    if (found.length === 0) return [];
    const now = await databaseTime(session, clock);
    return found.map((row) => jobOf(row, now));
  };
  return {
    jobs: ({ job, limit }) =>
      job === undefined
        ? rows('order by j.name, j.item limit ?', [limit])
        : rows('where j.name = ? order by j.item limit ?', [job, limit]),
    jobsOfItems: async (job, items) => {
      const found: StoredJob[] = [];
      for (const batch of statementBatches(items).map(padToPowerOfTwo)) {
        found.push(...(await rows(`where j.name = ? and j.item in ${placeholders(batch.length)}`, [job, ...batch])));
      }
      return found;
    },
    job: async ({ job, item }) => (await rows('where j.name = ? and j.item = ?', [job, item]))[0] ?? null,
  };
}

export function jobWrites(session: Session): JobWrites {
  const { db } = session;
  const rowOf = ({ job, item }: JobItem) => db('jobs').where({ name: job, item });
  return {
    setJobSchedule: async ({ job, item, nextAt, failures, lastStartedAt, lastSuccessAt, lastError }) => {
      assert(item.length <= JOB_ITEM_CHARACTERS_MAX, 'an item is an id');
      assert((lastError ?? '').length <= JOB_ERROR_CHARACTERS_MAX, 'an error has a limit');
      const row = {
        name: job,
        item,
        next_at: nextAt,
        failures,
        last_started_at: lastStartedAt,
        last_success_at: lastSuccessAt,
        last_error: lastError,
      };
      await session.rows(db('jobs').insert(row).onConflict(['name', 'item']).merge());
    },
    setJobCursor: async (jobItem, cursor) => {
      const written = cursor === null ? null : canonicalJson(cursor);
      assert((written ?? '').length <= JOB_CURSOR_CHARACTERS_MAX, 'a cursor has a limit');
      const changed = await session.changes(rowOf(jobItem).update({ cursor: written }));
      assert(changed === 1, 'the schedule of a job that stores its cursor');
    },
    deleteOldJobs: async (job, dueBefore) => {
      await session.changes(db('jobs').where({ name: job }).where('next_at', '<', dueBefore).delete());
    },
  };
}

function jobOf(row: Row, now: Instant): StoredJob {
  const [job, item, cursor] = [text(row, 'name'), text(row, 'item'), textOrNull(row, 'cursor')];
  const heldUntil = integerOrNull(row, 'held_until');
  return {
    job,
    item,
    nextAt: integer(row, 'next_at'),
    failures: integer(row, 'failures'),
    lastStartedAt: integer(row, 'last_started_at'),
    lastSuccessAt: integerOrNull(row, 'last_success_at'),
    lastError: textOrNull(row, 'last_error'),
    cursor: cursor === null ? null : JSON.parse(cursor),
    holder: heldUntil !== null && isInForceAt(heldUntil, now) && row.ended_at === null ? text(row, 'holder') : null,
  };
}
