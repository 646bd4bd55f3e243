/** Where the key of a certificate was made, as its request says; null where it says nothing. Part of its birth, like the rest. */
import type { Knex } from 'knex';
import { createGuard } from './0002-guards.js';
import { isPostgresql } from './dialect.js';

export async function addKeyOrigin(db: Knex): Promise<void> {
  const collation = isPostgresql(db) ? ' collate "C"' : '';
  await db.raw(`alter table certificates add column key_origin varchar(16)${collation}
    constraint certificates_key_origin check (key_origin in ('card', 'module', 'software'))`);
  await createGuard(db, 'key_origin', {
    table: 'certificates',
    on: 'update',
    when: `coalesce(old.key_origin, '') <> coalesce(new.key_origin, '')`,
    says: 'what a certificate was born with stays',
  });
}
