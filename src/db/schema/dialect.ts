import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';

/** Whether the database is PostgreSQL, and not SQLite. Called where the SQL of the two differs. */
export function isPostgresql(db: Knex): boolean {
  const dialect: unknown = db.client.config.client;
  assert(dialect === 'sqlite3' || dialect === 'pg', 'migrations are written for SQLite and PostgreSQL');
  return dialect === 'pg';
}
