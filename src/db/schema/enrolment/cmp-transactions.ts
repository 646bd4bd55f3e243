/**
 * Creates the table for CMP transactions. Rows are deleted some time after their transactions have
 * ended.
 */
import type { Knex } from 'knex';
import { textColumn } from '../columns.js';
import { createRowTriggers, differs } from '../guards.js';

/** Columns that are written when the row is inserted and never change. */
const IMMUTABLE_COLUMNS = ['principal', 'transaction_id', 'kind', 'cert_req_id', 'request_sha256', 'begun_at'];

/**
 * Columns that do not change after the end of a transaction. The nonces may change, when a client
 * asks for the same answer again.
 */
const DECIDED_COLUMNS = [
  'profile',
  'state',
  'certificate_id',
  'outcome',
  'implicit',
  'encrypted',
  'vouched_by',
  'confirm_by',
  'ended_at',
];

const ENDED_STATES = `('done', 'confirmed', 'rejected', 'refused')`;

export async function createCmpTransactions(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('cmp_transactions', (table) => {
    text(table, 'principal', 192).notNullable();
    text(table, 'transaction_id', 64).notNullable();
    text(table, 'kind', 16).notNullable();
    text(table, 'profile', 128);
    text(table, 'state', 16).notNullable();
    table.integer('cert_req_id').notNullable();
    text(table, 'certificate_id', 36).references('certificates.id');
    text(table, 'request_sha256', 64).notNullable();
    text(table, 'last_sha256', 64).notNullable();
    table.binary('request');
    text(table, 'nonces').notNullable();
    text(table, 'protection').notNullable();
    text(table, 'outcome').notNullable();
    table.boolean('implicit').notNullable();
    table.boolean('encrypted').notNullable();
    text(table, 'vouched_by', 128);
    text(table, 'approval_id', 36);
    table.bigInteger('begun_at').notNullable();
    table.bigInteger('confirm_by');
    table.bigInteger('check_after');
    table.bigInteger('wait_until');
    table.bigInteger('ended_at');
    table.integer('version').notNullable();
    table.primary(['principal', 'transaction_id']);
    table.check(
      `state in ('working', 'waiting', 'answered', 'done', 'confirmed', 'rejected', 'lapsed', 'refused')`,
      undefined,
      'cmp_transactions_state',
    );
    table.check(`kind in ('ir', 'cr', 'p10cr', 'kur', 'rr', 'nested')`, undefined, 'cmp_transactions_kind');
    // A certificate that was not confirmed in time (`lapsed`) may still be confirmed later, so that
    // a lapsed transaction may or may not have ended.
    table.check(
      `(state in ${ENDED_STATES} and ended_at is not null) or (state in ('working', 'waiting', 'answered') and ended_at is null)
        or state = 'lapsed'`,
      undefined,
      'cmp_transactions_end',
    );
    table.check(`state <> 'waiting' or wait_until is not null`, undefined, 'cmp_transactions_wait');
    table.check(`state <> 'answered' or confirm_by is not null`, undefined, 'cmp_transactions_confirm');
    table.check(
      `state not in ('working', 'answered', 'confirmed') or certificate_id is not null`,
      undefined,
      'cmp_transactions_certificate',
    );
    table.check('length(transaction_id) between 32 and 64', undefined, 'cmp_transactions_id');
  });
  const indexes = {
    cmp_transactions_id: '(transaction_id)',
    cmp_transactions_confirm: `(confirm_by) where state = 'answered'`,
    cmp_transactions_wait: `(wait_until) where state = 'waiting'`,
    cmp_transactions_begun: `(begun_at) where state = 'waiting'`,
    cmp_transactions_undetermined: `(begun_at) where state = 'lapsed' and ended_at is null`,
    cmp_transactions_open: `(principal) where ended_at is null`,
    cmp_transactions_ended: '(ended_at) where ended_at is not null',
    cmp_transactions_of: '(certificate_id) where certificate_id is not null',
  };
  for (const [name, columns] of Object.entries(indexes))
    await db.raw(`create index ${name}_index on cmp_transactions ${columns}`);
  await createRowTriggers(db, 'cmp_transactions', [
    { name: 'kept', on: 'delete', when: 'old.ended_at is null', says: 'what has not ended is not removed' },
    {
      name: 'birth',
      on: 'update',
      when: IMMUTABLE_COLUMNS.map(differs).join(' or '),
      says: 'what a transaction began with does not change',
    },
    {
      name: 'final',
      on: 'update',
      when: `old.state in ${ENDED_STATES} and (${DECIDED_COLUMNS.map(differs).join(' or ')})`,
      says: 'a transaction that has ended does not change',
    },
    {
      name: 'lapsed',
      on: 'update',
      when: `old.state = 'lapsed' and (old.ended_at is not null or new.state not in ('lapsed', 'confirmed'))`,
      says: 'a lapsed transaction is confirmed, or nothing',
    },
    {
      name: 'once',
      on: 'update',
      when: `old.certificate_id is not null and new.certificate_id is not null and old.certificate_id <> new.certificate_id
        or old.certificate_id is not null and new.certificate_id is null and new.state <> 'refused'`,
      says: 'a transaction has one certificate',
    },
    {
      name: 'forward',
      on: 'update',
      when: `old.state = 'answered' and new.state in ('working', 'waiting', 'refused', 'done')`,
      says: 'a transaction that was answered does not go back',
    },
    { name: 'version', on: 'update', when: 'new.version <> old.version + 1', says: 'versions ascend one by one' },
  ]);
}
