/** Every migration there is, in order. One that has been released is never changed: a new one follows. */
import type { Knex } from 'knex';
import { createTables } from './0001-tables.js';
import { createGuards } from './0002-guards.js';
import { indexSerials } from './0003-serials.js';
import { indexStates } from './0004-states.js';

export type Migration = { readonly name: string; readonly up: (db: Knex) => Promise<void> };

export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-tables', up: createTables },
  { name: '0002-guards', up: createGuards },
  { name: '0003-serials', up: indexSerials },
  { name: '0004-states', up: indexStates },
];
