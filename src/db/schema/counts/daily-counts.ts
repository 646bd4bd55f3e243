/** Creates the table for the numbers of certificates that were issued and revoked on each day. */
import type { Knex } from 'knex';
import { REASON_LIST } from '../certificates.js';
import { textColumn } from '../columns.js';
import { createRowTriggers, differs, NEVER_DELETED } from '../guards.js';

export async function createDailyCounts(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('daily_counts', (table) => {
    // Days since 1970, UTC.
    table.integer('day').notNullable();
    text(table, 'issuer', 64).notNullable();
    text(table, 'profile', 128).notNullable();
    text(table, 'kind', 32).notNullable();
    table.bigInteger('count').notNullable();
    table.primary(['day', 'issuer', 'profile', 'kind']);
    table.check(`count >= 1 and kind in ('issued', ${REASON_LIST})`, undefined, 'daily_counts_kind');
  });
  await createRowTriggers(db, 'daily_counts', [
    NEVER_DELETED,
    {
      name: 'birth',
      on: 'update',
      when: ['day', 'issuer', 'profile', 'kind'].map(differs).join(' or '),
      says: 'a count stays that of its day',
    },
    { name: 'grows', on: 'update', when: 'new.count <= old.count', says: 'counts never fall' },
  ]);
}
