/**
 * Recognises the database that an unfinished restore has made, so that undoing the restore never
 * removes another database that somebody has put in its place since.
 */
import { present } from '../../kernel/assert.js';
import { toHex } from '../../kernel/bytes.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import { DATABASE_ID_MARK, RESTORE_MARK } from '../../ports/store/marks.js';
import type { Engine, StoreLimits } from '../engine/engine.js';
import { openPostgresql, type PostgresqlOptions } from '../engine/postgresql.js';
import type { Session } from '../engine/session.js';
import { openSqlite } from '../engine/sqlite.js';
import { type DatabaseOptions, DEFAULT_LIMITS } from '../open.js';
import { bytes, integer, text } from '../tables/columns.js';
import { markReads, markWrites } from '../tables/marks.js';
import { readStoredFacts, type StoredFacts } from './facts.js';

export type RestoredDatabase = {
  /**
   * The random id of the restore. It is written into the database as a mark after the backup was
   * put back, and before anything else is changed.
   */
  readonly run: string;
  /**
   * The last entry of the audit log in the backup. The restored database ends with it until the
   * mark is set.
   */
  readonly backedUp: DatabasePoint;
  /**
   * The last entry of the audit log when the restore was complete; null: it is not complete yet.
   */
  readonly learnt: DatabasePoint | null;
};

/** `other`: the restore has not made this database, or it has been used since. */
export type RestoredState = 'empty' | 'restored' | 'other';

/** Dropping and reading large tables takes longer than a transaction of a service. */
const RESTORE_LIMITS: StoreLimits = { ...DEFAULT_LIMITS, transactionMsMax: 10 * MINUTE_MS, readMsMax: 10 * MINUTE_MS };

/**
 * The name that the server shows for the connection of pg_restore. The connection can outlive a
 * killed restore, and is found by this name.
 */
export const RESTORE_APPLICATION = 'pfcng restore';

/**
 * Marks a database that was just put back, and returns the facts that it had before. Works on every
 * level of the schema. Rejects with an error of the database.
 */
export async function markRestored(database: DatabaseOptions, run: string): Promise<StoredFacts> {
  const engine = openEngine(database, 'open');
  try {
    return await engine.transact(async (session) => {
      const facts = await readStoredFacts(session, engine.schema.tablesSql);
      await markWrites(session).setMark(RESTORE_MARK, run);
      return facts;
    });
  } finally {
    await engine.close();
  }
}

/**
 * Checks whether the database is the one that the restore has made. Changes nothing. Rejects with
 * an error of the database.
 */
export async function inspectRestored(database: DatabaseOptions, restored: RestoredDatabase): Promise<RestoredState> {
  const engine = openEngine(database, 'inspect');
  try {
    return await engine.read((session) => stateOf(session, engine.schema, restored));
  } finally {
    await engine.close();
  }
}

/**
 * Empties the database if the restore has made it. The check is in the same transaction. Rejects
 * with an error of the database.
 */
export async function dropRestored(options: PostgresqlOptions, restored: RestoredDatabase): Promise<RestoredState> {
  const engine = openPostgresql(options, RESTORE_LIMITS);
  try {
    return await engine.transact(async (session) => {
      // Otherwise a pg_restore that outlives its killed restore could commit after the check.
      await session.sql(
        `select pg_terminate_backend(pid, ${TERMINATION_MS_MAX}) from pg_stat_activity
          where application_name = ? and datname = current_database() and usename = current_user`,
        [RESTORE_APPLICATION],
      );
      const state = await stateOf(session, engine.schema, restored);
      if (state !== 'restored') return state;
      // The schema in which `stateOf` has found the tables, whatever the search path is.
      const [schema] = await session.sql('select quote_ident(current_schema()) as name');
      const name = text(present(schema, 'the schema of the tables'), 'name');
      await session.sql(`drop schema ${name} cascade`);
      await session.sql(`create schema ${name}`);
      return state;
    });
  } finally {
    await engine.close();
  }
}

const TERMINATION_MS_MAX = 10 * SECOND_MS;

function openEngine(database: DatabaseOptions, access: 'open' | 'inspect'): Engine {
  return database.kind === 'sqlite'
    ? openSqlite(database.file, RESTORE_LIMITS, { access })
    : openPostgresql(database, RESTORE_LIMITS);
}

async function stateOf(
  session: Session,
  { tablesSql }: Pick<Engine['schema'], 'tablesSql'>,
  { run, backedUp, learnt }: RestoredDatabase,
): Promise<RestoredState> {
  const tables = (await session.sql(tablesSql)).map((row) => text(row, 'name'));
  if (tables.length === 0) return 'empty';
  if (!tables.includes('meta') || !tables.includes('audit_head')) return 'other';
  const { mark } = markReads(session);
  // Between the mark and the end of the restore, only the restore appends to the audit log.
  const expected = (await mark(RESTORE_MARK)) === run ? learnt : backedUp;
  if (expected === null) return 'restored';
  const [head] = await session.sql('select seq, chain_hash from audit_head where id = 1');
  const isExpected =
    head !== undefined &&
    (await mark(DATABASE_ID_MARK)) === expected.id &&
    integer(head, 'seq') === expected.seq &&
    toHex(bytes(head, 'chain_hash')) === expected.chainHash;
  return isExpected ? 'restored' : 'other';
}
