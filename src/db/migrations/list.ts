/** Every migration there is, in order. One that has been released is never changed: a new one follows. */
import type { Knex } from 'knex';
import { createTables } from './0001-tables.js';
import { createGuards } from './0002-guards.js';
import { addRenewals } from './0003-renewals.js';
import { addKeyOrigin } from './0004-key-origin.js';
import { createBlockedKeys } from './0005-blocked-keys.js';
import { createMassRevocations } from './0006-mass-revocations.js';
import { indexSerials } from './0007-serials.js';
import { indexStates } from './0008-states.js';
import { addDeltaCrls } from './0009-delta-crls.js';
import { indexIssuers } from './0010-issuers.js';

export type Migration = { readonly name: string; readonly up: (db: Knex) => Promise<void> };

export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-tables', up: createTables },
  { name: '0002-guards', up: createGuards },
  { name: '0003-renewals', up: addRenewals },
  { name: '0004-key-origin', up: addKeyOrigin },
  { name: '0005-blocked-keys', up: createBlockedKeys },
  { name: '0006-mass-revocations', up: createMassRevocations },
  { name: '0007-serials', up: indexSerials },
  { name: '0008-states', up: indexStates },
  { name: '0009-delta-crls', up: addDeltaCrls },
  { name: '0010-issuers', up: indexIssuers },
];
