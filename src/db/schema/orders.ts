/**
 * Creates the tables for orders, the parts of their uploads, the outcomes of their lines, the keys
 * that dry runs would certify, and the acknowledgements of card bureaus. Rows name orders without a
 * foreign key, which would be checked for each of a million lines; no order is ever deleted.
 */
import type { Knex } from 'knex';
import { textColumn } from './columns.js';
import { anyDiffers, createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from './guards.js';

export async function createOrderTables(db: Knex): Promise<void> {
  await createOrders(db);
  await createOrderIndexes(db);
  await createOrderGuards(db);
  await createOrderParts(db);
  await createOrderLines(db);
  await createOrderProblems(db);
  await createForeseenKeys(db);
  await createAcknowledgements(db);
}

/** The columns of `orders` with the number of lines of each outcome. */
export const COUNT_COLUMNS = {
  issued: 'count_issued',
  duplicate: 'count_duplicate',
  refused: 'count_refused',
  'not-issued': 'count_not_issued',
  cancelled: 'count_cancelled',
  'would-issue': 'count_would_issue',
  'would-be-duplicate': 'count_would_be_duplicate',
} as const;

/** SQL list of the outcomes with a problem that somebody has to look at. */
export const FAILED_OUTCOMES = `('refused', 'not-issued')`;

const COUNTS = Object.values(COUNT_COLUMNS);
const OUTCOME_LIST = Object.keys(COUNT_COLUMNS)
  .map((outcome) => `'${outcome}'`)
  .join(', ');

const LIVE_STATES = `('receiving', 'accepted', 'working', 'paused', 'cancelling')`;
const FINAL_STATES = `('cancelled', 'finished', 'discarded')`;

/** `request_sha256` and `deadline_at` are set from the acceptance of the upload on. */
const STATE_CHECK = `
  (state in ${LIVE_STATES} or state in ${FINAL_STATES})
  and (state in ${FINAL_STATES}) = (finished_at is not null)
  and (state in ('receiving', 'discarded') or accepted_at is not null)
  and (state = 'paused') = (paused_by is not null)
  and (accepted_at is null) = (request_sha256 is null)
  and (accepted_at is null) = (deadline_at is null)`;

const COUNTS_CHECK = `
  ${COUNTS.map((column) => `${column} >= 0`).join(' and ')} and ${COUNTS.join(' + ')} <= lines
  and next_line between 1 and lines + 1`;

async function createOrders(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('orders', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'account_id', 128).notNullable();
    text(table, 'bureau_id', 128);
    text(table, 'idempotency_key', 128);
    text(table, 'reference', 128);
    table.boolean('dry_run').notNullable();
    text(table, 'state', 16).notNullable();
    table.bigInteger('state_at').notNullable();
    text(table, 'paused_by', 128);
    text(table, 'receiving_run', 32).notNullable();
    table.bigInteger('received_at').notNullable();
    table.bigInteger('accepted_at');
    table.bigInteger('finished_at');
    table.bigInteger('deadline_at');
    table.bigInteger('octets').notNullable();
    table.bigInteger('lines').notNullable();
    text(table, 'request_sha256', 64);
    table.bigInteger('next_line').notNullable();
    for (const column of COUNTS) table.bigInteger(column).notNullable();
    text(table, 'results_sha256', 64);
    text(table, 'bundle_sha256', 64);
    text(table, 'request_id', 36);
    table.bigInteger('version').notNullable();
    text(table, 'receipt');
    table.binary('receipt_signature');
    table.check(STATE_CHECK, undefined, 'orders_state');
    table.check(COUNTS_CHECK, undefined, 'orders_counts');
    table.check('octets >= 0 and lines >= 0', undefined, 'orders_size');
    table.check('(receipt is null) = (receipt_signature is null)', undefined, 'orders_receipt');
  });
}

/**
 * Creates the indexes of `orders`. Ids ascend in time, so an index such as `(account_id, id)`
 * returns the rows of one account in the order of creation.
 */
async function createOrderIndexes(db: Knex): Promise<void> {
  const indexes = {
    orders_account: 'index orders_account on orders (account_id, id)',
    orders_bureau: 'index orders_bureau on orders (bureau_id, id) where bureau_id is not null',
    orders_live: `index orders_live on orders (id) where state in ${LIVE_STATES}`,
    orders_live_of: `index orders_live_of on orders (account_id) where state in ${LIVE_STATES}`,
    orders_unsigned: 'index orders_unsigned on orders (id) where bundle_sha256 is not null and receipt is null',
    // A discarded order does not occupy its idempotency key.
    orders_key: `unique index orders_key on orders (account_id, idempotency_key)
      where idempotency_key is not null and state <> 'discarded'`,
  };
  for (const index of Object.values(indexes)) await db.raw(`create ${index}`);
}

/** Columns that are written when the upload begins and never change. */
const IMMUTABLE_COLUMNS = [
  'id',
  'account_id',
  'bureau_id',
  'idempotency_key',
  'reference',
  'dry_run',
  'receiving_run',
  'received_at',
  'request_id',
];
/** Columns that do not change after the acceptance of the upload. */
const UPLOAD_COLUMNS = ['accepted_at', 'deadline_at', 'octets', 'lines', 'request_sha256'];
const WRITTEN_ONCE = ['results_sha256', 'bundle_sha256', 'receipt', 'receipt_signature'];
const PROGRESS_COLUMNS = ['state', 'state_at', 'paused_by', 'finished_at', 'next_line', ...COUNTS];

async function createOrderGuards(db: Knex): Promise<void> {
  await createRowTriggers(db, 'orders', [
    NEVER_DELETED,
    { name: 'birth', on: 'update', when: anyDiffers(IMMUTABLE_COLUMNS), says: 'what an order began with stays' },
    {
      name: 'upload',
      on: 'update',
      when: `old.state <> 'receiving' and (${anyDiffers(UPLOAD_COLUMNS)})`,
      says: 'an accepted upload does not change',
    },
    {
      name: 'received',
      on: 'update',
      when: `new.state = 'receiving' and old.state <> 'receiving'`,
      says: 'an upload is received once',
    },
    {
      name: 'ended',
      on: 'update',
      when: `old.state in ${FINAL_STATES} and (${anyDiffers(PROGRESS_COLUMNS)})`,
      says: 'an order that has ended does not change',
    },
    {
      name: 'grows',
      on: 'update',
      when: ['next_line', 'octets', 'lines', 'version', ...COUNTS]
        .map((column) => `new.${column} < old.${column}`)
        .join(' or '),
      says: 'counts never fall',
    },
    {
      name: 'once',
      on: 'update',
      when: WRITTEN_ONCE.map((column) => `(old.${column} is not null and (${differs(column)}))`).join(' or '),
      says: 'hashes and receipts are written once',
    },
  ]);
}

async function createOrderParts(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('order_parts', (table) => {
    text(table, 'order_id', 36).notNullable();
    table.bigInteger('part').notNullable();
    table.bigInteger('first_line').notNullable();
    table.bigInteger('last_line').notNullable();
    table.binary('records').notNullable();
    table.primary(['order_id', 'part']);
    table.unique(['order_id', 'first_line'], { indexName: 'order_parts_lines' });
    table.check('part >= 1 and first_line >= 1 and last_line >= first_line', undefined, 'order_parts_lines_ascend');
  });
  // This index has one entry for each order that has parts.
  await db.raw('create index order_parts_first on order_parts (order_id) where part = 1');
  // Parts hold names of people, so they are deleted some time after the end of their order.
  await createRowTriggers(db, 'order_parts', [NEVER_UPDATED]);
}

async function createOrderLines(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('order_lines', (table) => {
    text(table, 'order_id', 36).notNullable();
    table.bigInteger('line').notNullable();
    text(table, 'outcome', 32).notNullable();
    text(table, 'card_token_id');
    table.bigInteger('settled_at').notNullable();
    text(table, 'result').notNullable();
    table.primary(['order_id', 'line']);
    table.check(`line >= 1 and outcome in (${OUTCOME_LIST})`, undefined, 'order_lines_outcome');
  });
  await db.raw(
    'create index order_lines_card on order_lines (card_token_id, order_id) where card_token_id is not null',
  );
  await db.raw(`create index order_lines_failed on order_lines (order_id, line) where outcome in ${FAILED_OUTCOMES}`);
  await createRowTriggers(db, 'order_lines', [NEVER_DELETED, NEVER_UPDATED]);
}

/**
 * Creates the table with the number of failed lines by problem. Without it, counting the problems
 * of a million lines would take seconds.
 */
async function createOrderProblems(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('order_problems', (table) => {
    text(table, 'order_id', 36).notNullable();
    text(table, 'code', 64).notNullable();
    text(table, 'rule', 128).notNullable();
    table.bigInteger('lines').notNullable();
    table.bigInteger('first_line').notNullable();
    table.primary(['order_id', 'code', 'rule']);
    table.check('lines >= 1 and first_line >= 1', undefined, 'order_problems_lines');
  });
  await createRowTriggers(db, 'order_problems', [
    NEVER_DELETED,
    {
      name: 'birth',
      on: 'update',
      when: ['order_id', 'code', 'rule'].map(differs).join(' or '),
      says: 'what a problem of an order is stays',
    },
    {
      name: 'grows',
      on: 'update',
      when: 'new.lines < old.lines or new.first_line > old.first_line',
      says: 'counts of problems never fall',
    },
  ]);
}

/**
 * Creates the table of the keys that a dry run would certify, so that the dry run finds later lines
 * with the same key or card. `request`: position of the key in its line, from 0. The keys are
 * deleted together with the parts of the order.
 */
async function createForeseenKeys(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('foreseen_keys', (table) => {
    text(table, 'order_id', 36).notNullable();
    table.bigInteger('line').notNullable();
    table.integer('request').notNullable();
    text(table, 'spki_sha256', 64).notNullable();
    table.primary(['order_id', 'line', 'request']);
    table.unique(['order_id', 'spki_sha256'], { indexName: 'foreseen_keys_once' });
    table.check('line >= 1 and request >= 0', undefined, 'foreseen_keys_place');
  });
  await createRowTriggers(db, 'foreseen_keys', [NEVER_UPDATED]);
}

async function createAcknowledgements(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('card_acknowledgements', (table) => {
    text(table, 'order_id', 36).notNullable();
    table.bigInteger('line').notNullable();
    table.integer('attempt').notNullable();
    text(table, 'outcome', 16).notNullable();
    // Hashes of the certificates that were read back from the card, as canonical JSON.
    text(table, 'on_card').notNullable();
    table.bigInteger('written_at').notNullable();
    text(table, 'account_id', 128).notNullable();
    table.bigInteger('received_at').notNullable();
    text(table, 'result', 32).notNullable();
    table.primary(['order_id', 'line', 'attempt']);
    table.check(
      `line >= 1 and attempt >= 1 and outcome in ('written', 'failed', 'scrapped')`,
      undefined,
      'card_acknowledgements_outcome',
    );
  });
  await createRowTriggers(db, 'card_acknowledgements', [NEVER_DELETED, NEVER_UPDATED]);
}
