/**
 * Certificates in a state that few are in, newest first. Without them a search for what is pending reads all that were issued
 * before it finds that nothing is. What is issued is in none of them: an issuance writes no more than before.
 */
import type { Knex } from 'knex';

const RARE_STATES = ['pending', 'suspended', 'revoked'] as const;

export async function indexStates(db: Knex): Promise<void> {
  for (const state of RARE_STATES)
    await db.raw(`create index certificates_by_id_${state} on certificates (id) where status = '${state}'`);
}
