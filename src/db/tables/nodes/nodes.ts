/** Reads and writes nodes and their runs. */
import type { Knex } from 'knex';
import type { Instant } from '../../../kernel/clock.js';
import type { NodeId, RunId } from '../../../ports/node.js';
import {
  type Heartbeats,
  type NodeReads,
  type NodeWrites,
  type RunRecord,
  SILENT_MS,
} from '../../../ports/store/nodes.js';
import type { Clock } from '../../../ports/world.js';
import { SERVER_TIME } from '../../engine/database-clock.js';
import { RETRY_SOON_MS, StoreUnavailable } from '../../engine/failures.js';
import type { Session } from '../../engine/session.js';
import { integer, integerOrNull, oneOf, type Row, rowsOf, text, textOrNull } from '../columns.js';

const END_REASONS = ['stopped', 'restarted', 'lost'] as const;

const RUNS_SQL = 'select runs.*, nodes.name from runs join nodes on nodes.id = runs.node';

const TIME_PARAMETER = 'cast(? as bigint)';

export function nodeReads(session: Session): NodeReads {
  return {
    liveRuns: async () => {
      const rows = await session.sql(`${RUNS_SQL} where ended_at is null order by started_at, run`);
      return rows.map(runOf);
    },
    runs: async (limit) => {
      const order = 'case when ended_at is null then 0 else 1 end, started_at desc, run';
      return (await session.sql(`${RUNS_SQL} order by ${order} limit ?`, [limit])).map(runOf);
    },
    isRunLive: async (run) =>
      (await session.sql('select 1 as live from runs where run = ? and ended_at is null', [run])).length > 0,
    countOpenIntents: async (run) => {
      const [row] = await session.sql(
        `select count(*) as open_intents from certificates where status = 'open' and run = ?`,
        [run],
      );
      return row === undefined ? 0 : integer(row, 'open_intents');
    },
  };
}

export function nodeWrites(session: Session): NodeWrites {
  const { db } = session;
  return {
    insertRun: async ({ name, ...run }, { at, clockOffsetMs }) => {
      const node = { id: run.node, name, first_seen_at: at };
      await session.rows(db('nodes').insert(node).onConflict('id').merge(['name']));
      await session.rows(
        db('runs').insert({
          run: run.run,
          node: run.node,
          host: run.host,
          home: run.home,
          roles: run.roles.join(','),
          version: run.version,
          schema_level: run.schemaLevel,
          policy_digest: run.policyDigest,
          config_digest: run.configDigest,
          publication_url: run.publicationUrl,
          clock_offset_ms: clockOffsetMs,
          started_at: at,
          seen_at: at,
        }),
      );
    },
    endRun: async (run, { at, reason, seenAt }) => {
      const live = db('runs').where({ run, ...(seenAt === undefined ? {} : { seen_at: seenAt }) });
      return (await session.changes(live.whereNull('ended_at').update({ ended_at: at, end_reason: reason }))) > 0;
    },
  };
}

type HeartbeatOutcome = Awaited<ReturnType<Heartbeats['heartbeat']>> & { readonly ok: true };

/**
 * Writes the heartbeat of a run. `processTime`: the time by the clock of the process. `clock`:
 * null: the clock of the PostgreSQL server is used.
 */
export async function writeHeartbeat(
  session: Session,
  { run, processTime }: { readonly run: RunId; readonly processTime: Instant },
  clock: Clock | null,
): Promise<HeartbeatOutcome['value']> {
  const [now, values] = clock === null ? [SERVER_TIME, []] : [TIME_PARAMETER, [clock()]];
  const written = await session.sql(
    `update runs set seen_at = ${now}, clock_offset_ms = cast(? as bigint) - ${now}
      where run = ? and ended_at is null returning run`,
    [...values, processTime, ...values, run],
  );
  if (written.length > 0) return 'written';
  const [existing] = await session.sql('select ended_at from runs where run = ?', [run]);
  if (existing === undefined) return 'run-missing';
  if (integerOrNull(existing, 'ended_at') !== null) return 'run-ended';
  // A restore has deleted the row and inserted it again while the update waited for it. The update
  // then finds neither of the two rows (PostgreSQL, section 13.2.1).
  throw new StoreUnavailable('the row of the run was replaced', RETRY_SOON_MS, { canRetry: true });
}

/**
 * Returns the names of the nodes and the versions of the runs whose programs know only levels below
 * `level`, as text for people. Runs that have ended or are silent are left out. It takes a
 * connection and not a session, because the migration of the schema calls it.
 */
export async function olderRuns(on: Knex, level: number, clock: Clock | null): Promise<readonly string[]> {
  const [now, values] = clock === null ? [SERVER_TIME, []] : [TIME_PARAMETER, [clock()]];
  const found = await on.raw(
    `${RUNS_SQL} where ended_at is null and schema_level < ? and abs(seen_at - ${now}) <= ? order by nodes.name`,
    [level, ...values, SILENT_MS],
  );
  return rowsOf(found)
    .map(runOf)
    .map(({ name, version }) => `${name} (version ${version})`);
}

function runOf(row: Row): RunRecord {
  const endedAt = integerOrNull(row, 'ended_at');
  return {
    run: text(row, 'run') as RunId,
    node: text(row, 'node') as NodeId,
    name: text(row, 'name'),
    host: text(row, 'host'),
    home: text(row, 'home'),
    roles: text(row, 'roles').split(','),
    version: text(row, 'version'),
    schemaLevel: integer(row, 'schema_level'),
    policyDigest: text(row, 'policy_digest'),
    configDigest: text(row, 'config_digest'),
    publicationUrl: textOrNull(row, 'publication_url'),
    clockOffsetMs: integer(row, 'clock_offset_ms'),
    startedAt: integer(row, 'started_at'),
    seenAt: integer(row, 'seen_at'),
    end: endedAt === null ? null : { at: endedAt, reason: oneOf(row, 'end_reason', END_REASONS) },
  };
}
