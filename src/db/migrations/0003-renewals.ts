/** Which certificate one renews: the old one, of the same holder and profile. */
import type { Knex } from 'knex';
import { createGuard, differs } from './0002-guards.js';
import { isPostgresql } from './dialect.js';

export async function addRenewals(db: Knex): Promise<void> {
  const collation = isPostgresql(db) ? ' collate "C"' : '';
  await db.raw(
    `alter table certificates add column renews varchar(36)${collation} references certificates (id) default null`,
  );
  await createGuard(db, 'renewals', {
    table: 'certificates',
    on: 'update',
    when: differs('renews'),
    says: 'what a certificate renews stays',
  });
}
