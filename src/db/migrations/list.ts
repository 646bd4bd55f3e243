/**
 * All migrations, in order. Once a version is released its migrations never change, and changes
 * are new migrations.
 */
import type { Knex } from 'knex';
import { createPlatformTables } from './0001-platform.js';
import { createCertificateTables } from './0002-certificates.js';
import { createRequestTables } from './0003-requests.js';
import { createBlockedKeys } from './0004-blocked-keys.js';
import { createMassRevocationTables } from './0005-mass-revocations.js';

export type Migration = { readonly name: string; readonly up: (db: Knex) => Promise<void> };

export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-platform', up: createPlatformTables },
  { name: '0002-certificates', up: createCertificateTables },
  { name: '0003-requests', up: createRequestTables },
  { name: '0004-blocked-keys', up: createBlockedKeys },
  { name: '0005-mass-revocations', up: createMassRevocationTables },
];
