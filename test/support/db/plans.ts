/** The plan of a statement, as the planner of each database makes it for a full table. */
import assert from 'node:assert/strict';
import knex from 'knex';
import { createSession, type Session } from '../../../src/db/engine/session.js';
import type { DatabaseOptions } from '../../../src/db/open.js';
import { rawDatabase } from './raw.js';

/** `sql`: with `?` for each value. */
export async function planOf(database: DatabaseOptions, sql: string): Promise<string> {
  const raw = await rawDatabase(database);
  try {
    if (database.kind === 'sqlite') {
      const steps = await raw.all(`explain query plan ${sql}`);
      return steps.map(({ detail }) => detail).join('; ');
    }
    // Without values, as for a full table, because a planner reads a small table completely.
    await raw.all('set enable_seqscan = off');
    await raw.all('set plan_cache_mode = force_generic_plan');
    let at = 0;
    await raw.all(`prepare asked as ${sql.replace(/\?/g, () => `$${++at}`)}`);
    const values = Array.from({ length: at }, () => `'1'`).join(', ');
    const steps = await raw.all(`explain (costs off) execute asked${at === 0 ? '' : `(${values})`}`);
    return steps.map((step) => step['QUERY PLAN']).join('; ');
  } finally {
    await raw.close();
  }
}

/** The first statement that this asks for. */
export async function firstStatement(
  kind: DatabaseOptions['kind'],
  ask: (session: Session) => Promise<unknown>,
): Promise<string> {
  const db = knex({ client: kind === 'sqlite' ? 'sqlite3' : 'pg', useNullAsDefault: true });
  let asked: string | null = null;
  const sql: Session['sql'] = async (statement) => {
    asked ??= statement;
    throw new Error('only the statement is wanted');
  };
  await assert.rejects(ask({ ...createSession(db), sql }), /only the statement is wanted/);
  await db.destroy();
  return asked ?? assert.fail('no statement');
}

/** Matches the name of an index in a plan. SQLite has other names for primary keys. */
export function indexInPlan(kind: DatabaseOptions['kind'], index: string): RegExp {
  const primary = `(?:PRIMARY KEY|sqlite_autoindex_${index.replace(/_pkey$/, '')}_1)`;
  return new RegExp(`\\b${kind === 'sqlite' && index.endsWith('_pkey') ? primary : index}\\b`);
}
