import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';

/** Migrations are written for both databases, and use this where they differ. */
export function isPostgresql(db: Knex): boolean {
  const dialect: unknown = db.client.config.client;
  assert(dialect === 'sqlite3' || dialect === 'pg', 'migrations are written for SQLite and PostgreSQL');
  return dialect === 'pg';
}
