/** Keys that an officer has blocked. One is unblocked by removing its row; the audit log has who did either, and why. */
import type { Knex } from 'knex';
import { createGuard } from './0002-guards.js';
import { isPostgresql } from './dialect.js';

export async function createBlockedKeys(db: Knex): Promise<void> {
  const collation = isPostgresql(db) ? ' collate "C"' : '';
  await db.raw(`create table blocked_keys (
    spki_sha256 varchar(64)${collation} not null primary key,
    at bigint not null,
    actor varchar(128)${collation} not null,
    reason text${collation} not null,
    constraint blocked_keys_key check (length(spki_sha256) = 64))`);
  await createGuard(db, 'rewritten', {
    table: 'blocked_keys',
    on: 'update',
    when: 'true',
    says: 'blocked_keys are never rewritten',
  });
}
