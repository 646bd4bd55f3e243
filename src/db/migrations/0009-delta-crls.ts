/**
 * Delta lists and partitions. Changes of a status are found by their issuer in the order of their commits (writers take turns, so
 * that the events' numbers are in it), whatever clocks say; a list remembers the last one that it has. What was written
 * before has no issuer: no list of then is the base of a delta.
 */
import type { Knex } from 'knex';
import { createGuard, differs } from './0002-guards.js';
import { isPostgresql } from './dialect.js';

export async function addDeltaCrls(db: Knex): Promise<void> {
  const collation = isPostgresql(db) ? ' collate "C"' : '';
  for (const column of ['base', 'seen_change', 'listed_since'])
    await db.raw(`alter table crls add column ${column} bigint default null`);
  await db.raw(`create index crls_bases on crls (issuer, scope, next_update) where state = 'published'`);
  await db.raw(`alter table status_events add column issuer varchar(64)${collation} default null`);
  await db.raw('create index status_events_changes on status_events (issuer, id, certificate_id, at)');
  await db.raw('alter table certificates add column crl_partition integer default null');
  await createGuard(db, 'partitions', {
    table: 'certificates',
    on: 'update',
    when: differs('crl_partition'),
    says: 'a certificate stays on the list that it names',
  });
  await db.raw(
    `create index certificates_revoked_parts
      on certificates (issuer, crl_partition, serial, not_after, status, state_at, reason, invalidity_date)
      where status in ('revoked', 'suspended') and crl_partition is not null`,
  );
  const later = isPostgresql(db) ? 'greatest' : 'max';
  await db.raw(
    `create index certificates_listed_until on certificates (issuer, (${later}(not_after, state_at)))
      where status in ('revoked', 'suspended')`,
  );
}
