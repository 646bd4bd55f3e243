/**
 * The first schema, for SQLite and PostgreSQL alike: instants are 64-bit milliseconds, documents canonical JSON as text,
 * states are held together by CHECKs. Large columns stand last, so that a look-up of a status does not read past them.
 */
import type { Knex } from 'knex';
import { isPostgresql } from './dialect.js';

const FINAL_REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];
const REASON_LIST = FINAL_REASONS.map((reason) => `'${reason}'`).join(', ');

/** A revoked certificate without a date and a reason cannot be stored, nor a live one with either. */
const STATE_CHECK = `
  (status in ('open', 'pending', 'issued') and state_at is null and reason is null and invalidity_date is null)
  or (status = 'suspended' and state_at is not null and reason is null)
  or (status = 'revoked' and state_at is not null and reason is not null and reason in (${REASON_LIST}))`;

/** Only what is open, or was given up, has no signature. */
const SIGNATURE_CHECK = `
  (status = 'open' and signature is null) or status = 'revoked'
  or (status in ('pending', 'issued', 'suspended') and signature is not null)`;

export async function createTables(db: Knex): Promise<void> {
  await createPlatform(db);
  await createIssuers(db);
  await createCertificates(db);
  await createCertificateIndexes(db);
  await createRequests(db);
  await createAccounts(db);
  await createAudit(db);
}

type Words = (table: Knex.CreateTableBuilder, column: string, charactersMax?: number) => Knex.ColumnBuilder;

/**
 * Text that is compared and ordered octet by octet: SQLite knows nothing else, and an index of PostgreSQL in a language's
 * order is broken by the next version of the system's library.
 */
function wordsOf(db: Knex): Words {
  const collation = isPostgresql(db) ? ' collate "C"' : '';
  return (table, column, charactersMax) => {
    const type = charactersMax === undefined ? 'text' : `varchar(${charactersMax})`;
    return table.specificType(column, `${type}${collation}`);
  };
}

async function createPlatform(db: Knex): Promise<void> {
  const words = wordsOf(db);
  await db.schema.createTable('meta', (table) => {
    words(table, 'key', 64).primary();
    words(table, 'value').notNullable();
  });
  await db.schema.createTable('leases', (table) => {
    words(table, 'name', 128).primary();
    words(table, 'holder', 128).notNullable();
    table.bigInteger('fencing_token').notNullable();
    table.bigInteger('held_until').notNullable();
  });
}

async function createIssuers(db: Knex): Promise<void> {
  const words = wordsOf(db);
  await db.schema.createTable('issuers', (table) => {
    words(table, 'issuer', 64).primary();
    words(table, 'authority', 64).notNullable();
    table.integer('generation').notNullable();
    table.unique(['authority', 'generation']);
    table.check('generation >= 1', undefined, 'issuers_generation');
  });
  await db.schema.createTable('crls', (table) => {
    words(table, 'issuer', 64).notNullable().references('issuers.issuer');
    words(table, 'scope', 32).notNullable();
    table.bigInteger('number').notNullable();
    table.bigInteger('this_update').notNullable();
    table.bigInteger('next_update').notNullable();
    words(table, 'state', 16).notNullable();
    words(table, 'tbs_sha256', 64);
    words(table, 'sha256', 64);
    table.bigInteger('size_bytes');
    table.bigInteger('entries');
    table.primary(['issuer', 'scope', 'number']);
    table.check('number >= 1 and next_update > this_update', undefined, 'crls_number');
    table.check(
      `state in ('reserved', 'abandoned') or (state = 'published' and tbs_sha256 is not null and sha256 is not null
        and size_bytes is not null and entries is not null)`,
      undefined,
      'crls_state',
    );
  });
}

async function createCertificates(db: Knex): Promise<void> {
  const words = wordsOf(db);
  await db.schema.createTable('certificates', (table) => {
    words(table, 'id', 36).primary();
    words(table, 'issuer', 64).notNullable().references('issuers.issuer');
    words(table, 'serial', 40).notNullable();
    words(table, 'status', 16).notNullable();
    table.bigInteger('state_at');
    words(table, 'reason', 32);
    table.bigInteger('invalidity_date');
    table.bigInteger('not_before').notNullable();
    table.bigInteger('not_after').notNullable();
    table.bigInteger('created_at').notNullable();
    words(table, 'profile', 128).notNullable();
    words(table, 'policy_digest', 64).notNullable();
    words(table, 'holder_id').notNullable();
    words(table, 'structure_id');
    words(table, 'card_token_id');
    words(table, 'spki_sha256', 64).notNullable();
    words(table, 'account_id', 128).notNullable();
    words(table, 'claim_account', 128);
    words(table, 'claim_route', 256);
    words(table, 'claim_key', 256);
    words(table, 'holder').notNullable();
    words(table, 'card').notNullable();
    words(table, 'identity').notNullable();
    table.binary('signature');
    table.binary('tbs').notNullable();
    table.unique(['issuer', 'serial']);
    table.check(STATE_CHECK, undefined, 'certificates_state');
    table.check(SIGNATURE_CHECK, undefined, 'certificates_signature');
    table.check('not_after >= not_before', undefined, 'certificates_validity');
    table.check('length(serial) between 2 and 40', undefined, 'certificates_serial');
  });
  await db.schema.createTable('certificate_domains', (table) => {
    words(table, 'certificate_id', 36).notNullable().references('certificates.id');
    words(table, 'domain', 255).notNullable();
    table.primary(['certificate_id', 'domain']);
  });
  await db.schema.createTable('status_events', (table) => {
    table.bigIncrements('id');
    words(table, 'certificate_id', 36).notNullable().references('certificates.id');
    table.bigInteger('at').notNullable();
    words(table, 'actor', 128).notNullable();
    words(table, 'status', 16).notNullable();
    table.bigInteger('state_at');
    words(table, 'reason', 32);
    table.bigInteger('invalidity_date');
    table.index(['certificate_id']);
  });
}

/** Ids ascend in time (UUID version 7), so that an index that ends in one gives its rows in the order of their birth. */
async function createCertificateIndexes(db: Knex): Promise<void> {
  await db.raw('create index certificates_holder on certificates (holder_id, id)');
  await db.raw('create index certificates_key on certificates (spki_sha256)');
  await db.raw('create index certificates_expiry on certificates (not_after)');
  await db.raw('create index certificates_card on certificates (card_token_id, id) where card_token_id is not null');
  await db.raw('create index certificates_structure on certificates (structure_id, id) where structure_id is not null');
  await db.raw(`create index certificates_open on certificates (id) where status = 'open'`);
  // All that a CRL needs, in its order.
  await db.raw(
    `create index certificates_revoked on certificates (issuer, serial, not_after, status, state_at, reason, invalidity_date)
      where status in ('revoked', 'suspended')`,
  );
}

async function createRequests(db: Knex): Promise<void> {
  const words = wordsOf(db);
  await db.schema.createTable('idempotency', (table) => {
    words(table, 'account', 128).notNullable();
    words(table, 'route', 256).notNullable();
    words(table, 'key', 256).notNullable();
    words(table, 'body_sha256', 64).notNullable();
    table.bigInteger('claimed_at').notNullable();
    // null: still in progress.
    words(table, 'result');
    table.primary(['account', 'route', 'key']);
  });
}

async function createAccounts(db: Knex): Promise<void> {
  const words = wordsOf(db);
  await db.schema.createTable('accounts', (table) => {
    words(table, 'id', 128).primary();
    words(table, 'name').notNullable();
    words(table, 'roles').notNullable();
    words(table, 'scope').notNullable();
    table.boolean('disabled').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await db.schema.createTable('account_credentials', (table) => {
    words(table, 'issuer', 64).notNullable();
    words(table, 'spki_sha256', 64).notNullable();
    words(table, 'account_id', 128).notNullable().references('accounts.id');
    table.primary(['issuer', 'spki_sha256']);
    table.index(['account_id']);
  });
}

/** The head of the chain is one row: whoever appends locks it, and numbers have no gaps. */
async function createAudit(db: Knex): Promise<void> {
  await db.schema.createTable('audit_entries', (table) => {
    table.bigInteger('seq').primary();
    table.binary('bytes').notNullable();
    table.binary('leaf_hash').notNullable();
    table.binary('chain_hash').notNullable();
  });
  await db.schema.createTable('audit_head', (table) => {
    table.integer('id').primary();
    table.bigInteger('seq').notNullable();
    table.binary('chain_hash').notNullable();
    table.check('id = 1', undefined, 'audit_head_one');
  });
  await db('audit_head').insert({ id: 1, seq: 0, chain_hash: Buffer.alloc(32) });
}
