/**
 * Creates the tables for registrations, for the profiles for which they may be used, and for
 * digests of the keys from which their secrets are derived. The keys themselves are never in the
 * database.
 */
import type { Knex } from 'knex';
import { textColumn } from '../columns.js';
import { createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from '../guards.js';

export async function createRegistrationTables(db: Knex): Promise<void> {
  await createKeys(db);
  await createRegistrations(db);
  await createUses(db);
}

async function createKeys(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('registration_keys', (table) => {
    text(table, 'id', 32).primary();
    text(table, 'check_sha256', 64).notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await createRowTriggers(db, 'registration_keys', [NEVER_DELETED, NEVER_UPDATED]);
}

/** Personal data may be erased only when the registration is not open any more. */
const ERASED_CHECK = `
  (erased_at is null and holder_id is not null)
  or (erased_at is not null and holder_id is null and state <> 'open')`;

/** Columns that are written when the row is inserted and never change. */
const IMMUTABLE_COLUMNS = [
  'id',
  'account_id',
  'reference',
  'structure_id',
  'key_origin',
  'validity',
  'expires_at',
  'created_at',
];
const PERSONAL_COLUMNS = ['holder', 'holder_id', 'domains', 'card', 'identity'];
const CHANGING_COLUMNS = ['state', 'state_at', 'returned', 'given_up', 'secret_key', 'secret_generation'];

async function createRegistrations(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('registrations', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'account_id', 128).notNullable();
    text(table, 'reference', 16).notNullable().unique();
    text(table, 'secret_key', 32).notNullable();
    table.integer('secret_generation').notNullable();
    text(table, 'state', 16).notNullable();
    table.bigInteger('state_at').notNullable();
    table.integer('returned').notNullable();
    table.integer('given_up').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('erased_at');
    text(table, 'holder_id');
    text(table, 'structure_id');
    text(table, 'key_origin', 16);
    text(table, 'validity').notNullable();
    text(table, 'domains').notNullable();
    text(table, 'holder').notNullable();
    text(table, 'card').notNullable();
    text(table, 'identity').notNullable();
    table.check(`state in ('open', 'used', 'withdrawn', 'expired')`, undefined, 'registrations_state');
    table.check('returned between 0 and 3', undefined, 'registrations_returned');
    table.check('secret_generation >= 1', undefined, 'registrations_generation');
    table.check(ERASED_CHECK, undefined, 'registrations_erased');
    table.check('expires_at > created_at', undefined, 'registrations_end');
    table.check(`key_origin in ('card', 'module', 'software')`, undefined, 'registrations_key_origin');
  });
  const indexes = {
    registrations_holder: '(holder_id, id) where holder_id is not null',
    registrations_by_state: '(state, id)',
    registrations_open: `(account_id) where state = 'open'`,
    registrations_end: `(expires_at) where state = 'open'`,
    registrations_to_erase: `(state_at) where state <> 'open' and erased_at is null`,
  };
  for (const [name, columns] of Object.entries(indexes))
    await db.raw(`create index ${name} on registrations ${columns}`);
  await createRowTriggers(db, 'registrations', [
    NEVER_DELETED,
    {
      name: 'birth',
      on: 'update',
      when: IMMUTABLE_COLUMNS.map(differs).join(' or '),
      says: 'what was registered does not change',
    },
    {
      name: 'content',
      on: 'update',
      when: `(old.erased_at is not null or new.erased_at is null) and (${PERSONAL_COLUMNS.map(differs).join(' or ')})`,
      says: 'the content of a registration is erased once and does not change otherwise',
    },
    {
      name: 'erased',
      on: 'update',
      when: 'old.erased_at is not null',
      says: 'an erased registration does not change',
    },
    {
      name: 'ended',
      on: 'update',
      when: `old.state in ('withdrawn', 'expired') and (${CHANGING_COLUMNS.map(differs).join(' or ')})`,
      says: 'withdrawn and expired are final',
    },
    {
      name: 'used',
      on: 'update',
      when: `old.state = 'used' and (new.state not in ('used', 'open')
        or new.state = 'open' and new.returned + new.given_up <= old.returned + old.given_up)`,
      says: 'a used registration opens by a returned use only',
    },
    {
      name: 'ascends',
      on: 'update',
      when: 'new.returned < old.returned or new.given_up < old.given_up or new.secret_generation < old.secret_generation',
      says: 'returned uses and generations of secrets only ascend',
    },
  ]);
}

async function createUses(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('registration_uses', (table) => {
    text(table, 'registration_id', 36).notNullable().references('registrations.id');
    text(table, 'profile', 128).notNullable();
    table.integer('position').notNullable();
    text(table, 'certificate_id', 36).references('certificates.id');
    table.primary(['registration_id', 'profile']);
  });
  await db.raw('create index registration_uses_profile on registration_uses (profile, registration_id)');
  await db.raw(
    'create unique index registration_uses_certificate on registration_uses (certificate_id) where certificate_id is not null',
  );
  await createRowTriggers(db, 'registration_uses', [
    NEVER_DELETED,
    {
      name: 'birth',
      on: 'update',
      when: ['registration_id', 'profile', 'position'].map(differs).join(' or '),
      says: 'the profiles of a registration do not change',
    },
    {
      name: 'once',
      on: 'update',
      when: 'old.certificate_id is not null and new.certificate_id is not null and old.certificate_id <> new.certificate_id',
      says: 'a profile is used once',
    },
  ]);
}
