/**
 * Certificates of an authority, newest first. Without it whoever looks for the last one, as the check of public addresses does every few
 * minutes, has the whole table read and sorted: ten million rows take longer than a service may take to end. An intent is in none of it.
 */
import type { Knex } from 'knex';

export async function indexIssuers(db: Knex): Promise<void> {
  await db.raw('create index certificates_issuer on certificates (issuer, id) where signature is not null');
}
