/**
 * The second lock: what our statements never do, the database refuses to everybody who uses its SQL. Each dialect has its
 * own text for the same list; whoever owns the file can drop a trigger, and is found by the audit chain and the signers'
 * journals.
 */
import type { Knex } from 'knex';
import { isPostgresql } from './dialect.js';

export type TableGuard = {
  readonly table: string;
  readonly on: 'update' | 'delete';
  /** SQL over `old` and `new`; refused where true. */
  readonly when: string;
  readonly says: string;
};

const KEPT_FOR_EVER = ['issuers', 'certificates', 'certificate_domains', 'status_events', 'crls', 'audit_entries'];
const NEVER_REWRITTEN = ['issuers', 'certificate_domains', 'status_events', 'audit_entries'];

/** What a certificate is born with. */
const BIRTH_COLUMNS = [
  'id',
  'issuer',
  'serial',
  'not_before',
  'not_after',
  'created_at',
  'profile',
  'policy_digest',
  'holder_id',
  'structure_id',
  'card_token_id',
  'spki_sha256',
  'account_id',
  'holder',
  'card',
  'identity',
  'tbs',
];

export const GUARDS: readonly TableGuard[] = [
  ...KEPT_FOR_EVER.map((table) => ({ table, on: 'delete', when: 'true', says: `${table} are kept for ever` }) as const),
  ...NEVER_REWRITTEN.map(
    (table) => ({ table, on: 'update', when: 'true', says: `${table} are never rewritten` }) as const,
  ),
  {
    table: 'certificates',
    on: 'update',
    when: `old.status = 'revoked'`,
    says: 'revoked is final',
  },
  {
    table: 'certificates',
    on: 'update',
    when: `new.status = 'open' and old.status <> 'open'`,
    says: 'a finished intent does not open again',
  },
  {
    table: 'certificates',
    on: 'update',
    when: 'old.signature is not null and (new.signature is null or new.signature <> old.signature)',
    says: 'a signature is stored once',
  },
  {
    table: 'certificates',
    on: 'update',
    when: BIRTH_COLUMNS.map((column) => differs(column)).join(' or '),
    says: 'what a certificate was born with stays',
  },
  {
    table: 'crls',
    on: 'update',
    when: `old.state <> 'reserved' or old.number <> new.number or old.issuer <> new.issuer or old.scope <> new.scope`,
    says: 'a finished CRL stays as it is',
  },
  {
    table: 'audit_head',
    on: 'update',
    when: 'new.seq <= old.seq',
    says: 'the audit log only grows',
  },
  { table: 'audit_head', on: 'delete', when: 'true', says: 'the audit log has a head' },
];

export function differs(column: string): string {
  return `old.${column} <> new.${column} or (old.${column} is null) <> (new.${column} is null)`;
}

/** A table that loses no row does not lose all of them either: TRUNCATE is PostgreSQL's alone, and row triggers do not see it. */
const NEVER_EMPTIED = [...KEPT_FOR_EVER, 'audit_head'];

export async function createGuards(db: Knex): Promise<void> {
  if (isPostgresql(db)) await db.raw(POSTGRESQL_REFUSAL);
  for (const [at, guard] of GUARDS.entries()) await createGuard(db, String(at), guard);
  for (const table of NEVER_EMPTIED) await refuseTruncate(db, table);
}

/** `truncate` deletes no row that a trigger would see. SQLite has none. */
export async function refuseTruncate(db: Knex, table: string): Promise<void> {
  if (isPostgresql(db)) await db.raw(truncateTrigger(table));
}

/** One more, under a name of its own: for later migrations. */
export async function createGuard(db: Knex, name: string, guard: TableGuard): Promise<void> {
  await db.raw(isPostgresql(db) ? postgresqlTrigger(name, guard) : sqliteTrigger(name, guard));
}

function sqliteTrigger(name: string, { table, on, when, says }: TableGuard): string {
  return `create trigger guard_${name}_${table} before ${on} on ${table} when ${when}
    begin select raise(abort, 'guard: ${says}'); end`;
}

const POSTGRESQL_REFUSAL = `create function guard_refuse() returns trigger language plpgsql as $$
  begin raise exception 'guard: %', tg_argv[0] using errcode = 'integrity_constraint_violation'; end $$`;

function postgresqlTrigger(name: string, { table, on, when, says }: TableGuard): string {
  return `create trigger guard_${name}_${table} before ${on} on ${table} for each row when (${when})
    execute function guard_refuse('${says}')`;
}

function truncateTrigger(table: string): string {
  return `create trigger guard_truncate_${table} before truncate on ${table} for each statement
    execute function guard_refuse('${table} are kept for ever')`;
}
