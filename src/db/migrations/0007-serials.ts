/**
 * Serial numbers are looked up with their issuer and without it: the unique index begins with what tells certificates apart, so
 * that it serves both, and a search by serial number reads no table of millions from end to end.
 */
import type { Knex } from 'knex';

export async function indexSerials(db: Knex): Promise<void> {
  // The new one first: there is no moment in which a serial could be given out twice.
  await db.schema.alterTable('certificates', (table) => {
    table.unique(['serial', 'issuer']);
  });
  await db.schema.alterTable('certificates', (table) => {
    table.dropUnique(['issuer', 'serial']);
  });
}
