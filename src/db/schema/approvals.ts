/**
 * Creates the tables for approvals, and for the officers who have signed each of them. An approval
 * that has ended is never changed, so that an auditor finds what two officers have agreed to.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';
import { createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from './guards.js';

const STATE_CHECK = `
  state in ('requested', 'executed', 'stale', 'refused', 'expired')
  and (state = 'requested') = (ended_at is null)
  and (state in ('stale', 'refused')) = (reason is not null)
  and (state = 'executed' or result is null)`;

/** Columns that are written when the row is inserted and never change. */
const IMMUTABLE_COLUMNS = [
  'id',
  'action',
  'subject_key',
  'version',
  'requested_by',
  'requested_at',
  'expires_at',
  'statement',
];

export async function createApprovalTables(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('approvals', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'action', 32).notNullable();
    text(table, 'subject_key').notNullable();
    text(table, 'version', 64);
    text(table, 'requested_by', 128).notNullable();
    table.bigInteger('requested_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    text(table, 'state', 16).notNullable();
    table.bigInteger('ended_at');
    text(table, 'reason');
    text(table, 'result');
    text(table, 'statement').notNullable();
    table.check(STATE_CHECK, undefined, 'approvals_state');
    table.check('expires_at > requested_at', undefined, 'approvals_time');
  });
  await db.raw(`create unique index approvals_open on approvals (action, subject_key) where state = 'requested'`);
  await db.raw(`create index approvals_due on approvals (expires_at) where state = 'requested'`);
  await createRowTriggers(db, 'approvals', [
    NEVER_DELETED,
    {
      name: 'birth',
      on: 'update',
      when: IMMUTABLE_COLUMNS.map(differs).join(' or '),
      says: 'what was requested does not change',
    },
    { name: 'ended', on: 'update', when: `old.state <> 'requested'`, says: 'an approval that has ended stays' },
  ]);
  await db.schema.createTable('approval_signatures', (table) => {
    text(table, 'approval_id', 36).notNullable().references('approvals.id');
    text(table, 'account', 128).notNullable();
    text(table, 'form', 16).notNullable();
    table.bigInteger('at').notNullable();
    table.primary(['approval_id', 'account']);
    table.check(`form = 'account'`, undefined, 'approval_signatures_form');
  });
  await createRowTriggers(db, 'approval_signatures', [NEVER_DELETED, NEVER_UPDATED]);
}
