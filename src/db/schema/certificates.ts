/**
 * Creates the tables for issuers, revoked issuers, certificates with their domains, the history of
 * their statuses, and CRLs.
 */
import type { Knex } from 'knex';
import { ACTOR_CHARACTERS_MAX } from '../../audit/actors.js';
import { textColumn } from './columns.js';
import { isPostgresql } from './dialect.js';
import { createRowTriggers, differs, NEVER_DELETED, NEVER_UPDATED } from './guards.js';

export async function createCertificateTables(db: Knex): Promise<void> {
  await createIssuers(db);
  await createCertificates(db);
  await createCertificateIndexes(db);
  await createCertificateGuards(db);
  await createStatusEvents(db);
  await createCrls(db);
}

async function createIssuers(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('issuers', (table) => {
    text(table, 'issuer', 64).primary();
    text(table, 'authority', 64).notNullable();
    table.integer('generation').notNullable();
    table.unique(['authority', 'generation']);
    table.check('generation >= 1', undefined, 'issuers_generation');
  });
  await createRowTriggers(db, 'issuers', [NEVER_DELETED, NEVER_UPDATED]);
  // `list_number`: number of the CRL of the root that revokes the issuer.
  await db.schema.createTable('revoked_issuers', (table) => {
    text(table, 'issuer', 64).primary();
    text(table, 'reason', 32).notNullable();
    table.bigInteger('list_number').notNullable();
    table.bigInteger('at').notNullable();
  });
  await createRowTriggers(db, 'revoked_issuers', [NEVER_DELETED, NEVER_UPDATED]);
}

const FINAL_REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];
export const REASON_LIST = FINAL_REASONS.map((reason) => `'${reason}'`).join(', ');

/**
 * A revoked certificate has a date and a reason, a suspended one has a date, and one with another
 * status has neither.
 */
const STATE_CHECK = `
  (status in ('open', 'pending', 'issued') and state_at is null and reason is null and invalidity_date is null)
  or (status = 'suspended' and state_at is not null and reason is null)
  or (status = 'revoked' and state_at is not null and reason is not null and reason in (${REASON_LIST}))`;

/**
 * Only an open intent, an abandoned intent (revoked) or a recovered certificate may be without a
 * signature.
 */
const SIGNATURE_CHECK = `
  (status = 'open' and signature is null) or status = 'revoked'
  or (status in ('pending', 'issued', 'suspended') and (signature is not null or recovered_sha256 is not null))`;

/**
 * A recovered certificate has only what the journal of a signer has: neither its bytes nor its
 * signature.
 */
const RECOVERED_CHECK = `recovered_sha256 is null
  or (length(recovered_sha256) = 64 and signature is null and length(tbs) = 0 and status not in ('open', 'pending'))`;

/**
 * A certificate that was sent encrypted is in force only after its confirmation, which is its proof
 * of possession.
 */
const PROOF_CHECK = `
  not encrypted or (becomes = 'pending' and (confirmed or status in ('open', 'pending', 'revoked')))`;

async function createCertificates(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('certificates', (table) => {
    text(table, 'id', 36).primary();
    text(table, 'issuer', 64).notNullable().references('issuers.issuer');
    text(table, 'serial', 40).notNullable();
    text(table, 'status', 16).notNullable();
    table.bigInteger('state_at');
    text(table, 'reason', 32);
    table.bigInteger('invalidity_date');
    table.bigInteger('not_before').notNullable();
    table.bigInteger('not_after').notNullable();
    table.bigInteger('created_at').notNullable();
    // Numbers of the audit entries of the intent and of the signature.
    table.bigInteger('intent_seq').notNullable();
    table.bigInteger('issued_seq');
    text(table, 'profile', 128).notNullable();
    text(table, 'policy_digest', 64).notNullable();
    text(table, 'holder_id').notNullable();
    text(table, 'structure_id');
    text(table, 'card_token_id');
    text(table, 'spki_sha256', 64).notNullable();
    text(table, 'account_id', 128).notNullable();
    text(table, 'run', 32);
    text(table, 'claim_account', 128);
    text(table, 'claim_route', 256);
    text(table, 'claim_key', 256);
    text(table, 'renews', 36).references('certificates.id');
    text(table, 'becomes', 16).notNullable();
    text(table, 'update_id', 36);
    text(table, 'registration_id', 36);
    text(table, 'protocol', 8);
    // Whether the renewed certificate itself has requested this one.
    table.boolean('self_renewal').notNullable().defaultTo(false);
    // Whether CMP sends the certificate encrypted, so that only the private key of the certificate
    // decrypts it. The confirmation of the client is then the proof of possession.
    table.boolean('encrypted').notNullable().defaultTo(false);
    table.boolean('confirmed').notNullable().defaultTo(false);
    text(table, 'key_type', 16);
    table.integer('crl_partition');
    text(table, 'key_origin', 16);
    text(table, 'container', 40);
    text(table, 'holder').notNullable();
    text(table, 'card').notNullable();
    text(table, 'identity').notNullable();
    table.binary('signature');
    table.binary('tbs').notNullable();
    text(table, 'recovered_sha256', 64);
    // Serial numbers are looked up with and without their issuer. This order of the columns serves
    // both.
    table.unique(['serial', 'issuer']);
    table.check(STATE_CHECK, undefined, 'certificates_state');
    table.check(SIGNATURE_CHECK, undefined, 'certificates_signature');
    table.check(RECOVERED_CHECK, undefined, 'certificates_recovered');
    table.check('(signature is null) = (issued_seq is null)', undefined, 'certificates_issued_seq');
    table.check(`becomes in ('issued', 'pending')`, undefined, 'certificates_becomes');
    table.check(`protocol in ('rest', 'order', 'est', 'cmp')`, undefined, 'certificates_protocol');
    table.check('not self_renewal or renews is not null', undefined, 'certificates_self_renewal');
    table.check(PROOF_CHECK, undefined, 'certificates_proof');
    table.check(`not confirmed or becomes = 'pending'`, undefined, 'certificates_confirmed');
    table.check('not_after >= not_before', undefined, 'certificates_validity');
    table.check('length(serial) between 2 and 40', undefined, 'certificates_serial');
    table.check(`key_origin in ('card', 'module', 'software')`, undefined, 'certificates_key_origin');
  });
  await db.schema.createTable('certificate_domains', (table) => {
    text(table, 'certificate_id', 36).notNullable().references('certificates.id');
    text(table, 'domain', 255).notNullable();
    table.primary(['certificate_id', 'domain']);
  });
}

/**
 * SQL condition for the rows that are certificates and not only intents. Queries repeat it word for
 * word, so that the planner can use the partial index with this condition.
 */
export const IS_CERTIFICATE = '(signature is not null or recovered_sha256 is not null)';

/**
 * The statuses that few certificates have. Each has a partial index for searches. Without them, a
 * search for pending certificates would examine all the issued ones too. Issued certificates are in
 * none of these indexes, so that they do not slow down issuance.
 */
const RARE_STATES = ['pending', 'suspended', 'revoked'] as const;

/**
 * Creates the indexes of `certificates`. Ids ascend in time (UUID version 7), so an index such as
 * `(holder_id, id)` returns the rows of one holder in the order of creation.
 */
async function createCertificateIndexes(db: Knex): Promise<void> {
  const isListed = `status in ('revoked', 'suspended')`;
  const listed = 'serial, not_after, status, state_at, reason, invalidity_date';
  const later = isPostgresql(db) ? 'greatest' : 'max';
  const indexes = {
    certificates_holder: '(holder_id, id)',
    certificates_key: '(spki_sha256)',
    // Contains all columns that counts of expiring certificates need, so that the rows are not
    // read, unless the scope of the account restricts holders.
    certificates_expiry: '(not_after, id, profile, status, structure_id)',
    certificates_profile: '(profile, id)',
    // Finds the certificates of an order by the claims of its lines.
    certificates_claim: '(claim_route, id) where claim_route is not null',
    certificates_renews: '(renews) where renews is not null',
    certificates_intent_seq: '(intent_seq)',
    certificates_issued_seq: '(issued_seq) where issued_seq is not null',
    certificates_card: '(card_token_id, id) where card_token_id is not null',
    certificates_structure: '(structure_id, id) where structure_id is not null',
    certificates_update: '(update_id) where update_id is not null',
    certificates_open: `(run, id) where status = 'open'`,
    // Serves the search for the newest certificates of an issuer, which would otherwise examine
    // those of all issuers.
    certificates_issuer: `(issuer, id) where ${IS_CERTIFICATE}`,
    // Contains all columns that a CRL needs, in the order of the CRL: one index for an issuer, and
    // one for its partitions.
    certificates_revoked: `(issuer, ${listed}) where ${isListed}`,
    certificates_revoked_parts: `(issuer, crl_partition, ${listed}) where ${isListed} and crl_partition is not null`,
    certificates_listed_until: `(issuer, (${later}(not_after, state_at))) where ${isListed}`,
  };
  for (const [name, columns] of Object.entries(indexes))
    await db.raw(`create index ${name} on certificates ${columns}`);
  // A certificate that requests its own renewal has at most one successor that is not revoked.
  await db.raw(
    `create unique index certificates_successor on certificates (renews) where self_renewal and status <> 'revoked'`,
  );
  for (const state of RARE_STATES)
    await db.raw(`create index certificates_by_id_${state} on certificates (id) where status = '${state}'`);
}

/** Columns that are written when the row is inserted and never change. */
const IMMUTABLE_COLUMNS = [
  'id',
  'issuer',
  'serial',
  'not_before',
  'not_after',
  'created_at',
  'intent_seq',
  'profile',
  'policy_digest',
  'holder_id',
  'structure_id',
  'card_token_id',
  'spki_sha256',
  'account_id',
  'run',
  'claim_account',
  'claim_route',
  'claim_key',
  'renews',
  'becomes',
  'update_id',
  'registration_id',
  'protocol',
  'self_renewal',
  'encrypted',
  'key_type',
  'crl_partition',
  'key_origin',
  'container',
  'holder',
  'card',
  'identity',
  'tbs',
  'recovered_sha256',
];

async function createCertificateGuards(db: Knex): Promise<void> {
  await createRowTriggers(db, 'certificate_domains', [NEVER_DELETED, NEVER_UPDATED]);
  await createRowTriggers(db, 'certificates', [
    NEVER_DELETED,
    { name: 'revoked', on: 'update', when: `old.status = 'revoked'`, says: 'revoked is final' },
    {
      name: 'open',
      on: 'update',
      when: `new.status = 'open' and old.status <> 'open'`,
      says: 'a finished intent does not open again',
    },
    {
      name: 'becomes',
      on: 'update',
      when: `old.status = 'open' and new.status not in ('open', 'revoked') and new.status <> old.becomes`,
      says: 'an intent becomes what it was made for',
    },
    {
      name: 'confirmed',
      on: 'update',
      when: `old.confirmed <> new.confirmed and (old.confirmed or old.status <> 'pending' or new.status <> 'issued')`,
      says: 'a pending certificate is confirmed once, when it is issued',
    },
    {
      name: 'signature',
      on: 'update',
      when: `old.signature is not null and (new.signature is null or new.signature <> old.signature
        or new.issued_seq <> old.issued_seq)`,
      says: 'a signature is stored once',
    },
    {
      name: 'intent',
      on: 'update',
      when: IMMUTABLE_COLUMNS.map(differs).join(' or '),
      says: 'the content of an intent does not change',
    },
  ]);
}

/**
 * SQL condition of the partial indexes of `status_events`: the change affects the status that
 * relying parties get. Queries repeat it word for word.
 */
const AFFECTS_STATUS = 'affects_status';

/**
 * Creates the table of changes of status. Transactions are serial, so the ids ascend in the order
 * of the commits, whatever the clocks say. A confirmation does not affect the status that relying
 * parties get. The partial indexes leave confirmations out, so that no reader of changes has to
 * skip a million of them.
 */
async function createStatusEvents(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('status_events', (table) => {
    table.bigIncrements('id');
    text(table, 'certificate_id', 36).notNullable().references('certificates.id');
    text(table, 'issuer', 64).notNullable();
    table.bigInteger('at').notNullable();
    text(table, 'actor', ACTOR_CHARACTERS_MAX).notNullable();
    table.bigInteger('audit_seq').notNullable();
    table.boolean('affects_status').notNullable();
    text(table, 'status', 16).notNullable();
    table.bigInteger('state_at');
    text(table, 'reason', 32);
    table.bigInteger('invalidity_date');
    table.index(['certificate_id']);
    table.index(['audit_seq'], 'status_events_audit_seq');
  });
  await db.raw(
    `create index status_events_changes on status_events (issuer, id, certificate_id, at) where ${AFFECTS_STATUS}`,
  );
  await db.raw(`create index status_events_affecting on status_events (id) where ${AFFECTS_STATUS}`);
  await createRowTriggers(db, 'status_events', [NEVER_DELETED, NEVER_UPDATED]);
}

async function createCrls(db: Knex): Promise<void> {
  const text = textColumn(db);
  await db.schema.createTable('crls', (table) => {
    text(table, 'issuer', 64).notNullable().references('issuers.issuer');
    text(table, 'scope', 32).notNullable();
    table.bigInteger('number').notNullable();
    table.bigInteger('base');
    table.bigInteger('this_update').notNullable();
    table.bigInteger('next_update').notNullable();
    text(table, 'state', 16).notNullable();
    text(table, 'tbs_sha256', 64);
    text(table, 'sha256', 64);
    table.bigInteger('size_bytes');
    table.bigInteger('entries');
    table.bigInteger('published_at');
    table.bigInteger('seen_change');
    table.bigInteger('listed_since');
    table.primary(['issuer', 'scope', 'number']);
    table.check('number >= 1 and next_update > this_update', undefined, 'crls_number');
    table.check(
      `state in ('reserved', 'abandoned') or (state = 'published' and tbs_sha256 is not null and sha256 is not null
        and size_bytes is not null and entries is not null)`,
      undefined,
      'crls_state',
    );
  });
  await db.raw(`create index crls_bases on crls (issuer, scope, next_update) where state = 'published'`);
  await db.raw('create index crls_history on crls (issuer, this_update, scope, number)');
  await createRowTriggers(db, 'crls', [
    NEVER_DELETED,
    {
      name: 'finished',
      on: 'update',
      when: `old.state <> 'reserved' or old.number <> new.number or old.issuer <> new.issuer or old.scope <> new.scope`,
      says: 'a finished CRL does not change',
    },
  ]);
}
