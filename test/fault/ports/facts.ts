/** The state to be checked, read by SQL and from files, without the code under test. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '../../../src/audit/entry.js';
import { readCrl } from '../../../src/crl/read.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import type { CrlScope } from '../../../src/ports/store/crls.js';
import type { RawDatabase } from '../../support/db/raw.js';
import { type CardRows, cardRowsOf } from './cards/card-promise.js';
import type { Authority } from './stage.js';

export type CertificateRow = {
  readonly id: string;
  readonly issuer: string;
  readonly serial: string;
  readonly status: string;
  readonly key: string | null;
  readonly tbsSha256: string;
  readonly tbs: Bytes;
  readonly signature: Bytes | null;
  /** Numbers of the audit entries of its intent and its signature. */
  readonly intentSeq: number;
  readonly issuedSeq: number | null;
  readonly becomes: string;
  readonly updateId: string | null;
};

/** A change of status, with the number of its audit entry. */
export type StatusEventRow = { readonly certificateId: string; readonly auditSeq: number };

/** The name of an issuer's CRLs: its id for the full one, and id and scope for the others. */
export function listName(issuer: string, scope: unknown = 'full'): string {
  return scope === 'full' ? issuer : `${issuer} ${String(scope)}`;
}

export type CrlRow = {
  /** As from `listName`. */
  readonly issuer: string;
  readonly number: number;
  readonly state: string;
  readonly tbsSha256: string | null;
  readonly sha256: string | null;
};

export type AuditRecord = {
  readonly seq: number;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
};

/** A mass revocation, its items by outcome, and the present state of their certificates. */
export type MassRevocationRow = {
  readonly id: string;
  readonly state: string;
  readonly matched: number;
  readonly done: number;
  readonly settled: number;
  readonly waiting: number;
  /** Number of its certificates that are not revoked. */
  readonly live: number;
};

/** An order, with what other tables say of its lines. */
export type OrderRow = {
  readonly id: string;
  readonly state: string;
  readonly lines: number;
  /** How many lines have each outcome, as the order counts them and as their rows do. */
  readonly counted: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
  /** Ids of the certificates that the results of issued lines name. */
  readonly named: readonly string[];
  /** Ids of the signed certificates whose claim is that of a line. */
  readonly signed: readonly string[];
  /** Lines that have a claim. */
  readonly claimed: readonly string[];
  /** Lines that have an outcome. */
  readonly settled: readonly string[];
};

/** The content of a database at one moment. */
export type Snapshot = {
  readonly certificates: readonly CertificateRow[];
  readonly statusEvents: readonly StatusEventRow[];
  readonly crls: readonly CrlRow[];
  readonly massRevocations: readonly MassRevocationRow[];
  readonly orders: readonly OrderRow[];
  readonly cards: CardRows;
  /** Ids of certificates with more than one revocation event. */
  readonly revokedTwice: readonly string[];
  /** Events of the outbox but those of tests. */
  readonly events: readonly { readonly topic: string; readonly subject: string }[];
  /** Ids of the certificates that mass revocations have revoked. */
  readonly massRevoked: readonly string[];
  /** Ids of the certificates that lines of orders got. */
  readonly ofLines: readonly string[];
  readonly updates: readonly { readonly id: string; readonly state: string }[];
  /** States of updates whose count is not the number of their updates. */
  readonly miscounted: readonly string[];
  /** References of the open procedures. */
  readonly procedures: readonly string[];
  readonly audit: readonly AuditRecord[];
  readonly chain: readonly AuditEntry[];
  readonly head: { readonly seq: number; readonly chainHash: string };
};

export async function snapshotOf(raw: RawDatabase): Promise<Snapshot> {
  const certificates = await raw.all(
    `select id, issuer, serial, status, becomes, update_id, tbs, signature, intent_seq, issued_seq,
      coalesce(claim_key, ${OF_CMP_SQL}) as request_key
      from certificates order by id`,
  );
  const statusEvents = await raw.all('select certificate_id, audit_seq from status_events order by id');
  const crls = await raw.all(
    'select issuer, scope, number, state, tbs_sha256, sha256 from crls order by issuer, number',
  );
  const [head] = await raw.all('select seq, chain_hash from audit_head');
  const chain = await chainOf(raw);
  return {
    certificates: certificates.map(({ id, issuer, serial, status, request_key: key, tbs, signature, ...rest }) => ({
      id: String(id),
      issuer: String(issuer),
      serial: String(serial),
      status: String(status),
      key: textOrNull(key),
      tbsSha256: digestOf(tbs as Bytes),
      tbs: tbs as Bytes,
      signature: signature as Bytes | null,
      intentSeq: Number(rest.intent_seq),
      issuedSeq: rest.issued_seq === null ? null : Number(rest.issued_seq),
      becomes: String(rest.becomes),
      updateId: textOrNull(rest.update_id),
    })),
    statusEvents: statusEvents.map(({ certificate_id: certificateId, audit_seq: auditSeq }) => ({
      certificateId: String(certificateId),
      auditSeq: Number(auditSeq),
    })),
    crls: crls.map(({ issuer, scope, number, state, tbs_sha256: tbsSha256, sha256 }) => ({
      issuer: listName(String(issuer), scope),
      number: Number(number),
      state: String(state),
      tbsSha256: textOrNull(tbsSha256),
      sha256: textOrNull(sha256),
    })),
    massRevocations: await massRevocationsOf(raw),
    orders: await ordersOf(raw),
    cards: await cardRowsOf(raw),
    revokedTwice: (await raw.all(TWICE_SQL)).map(({ id }) => String(id)),
    events: (await raw.all(EVENTS_SQL)).map(({ topic, subject }) => ({
      topic: String(topic),
      subject: String(subject),
    })),
    massRevoked: (await raw.all(MASS_REVOKED_SQL)).map(({ id }) => String(id)),
    ofLines: (await raw.all(OF_LINES_SQL)).map(({ id }) => String(id)),
    updates: (await raw.all('select id, state from card_updates')).map(({ id, state }) => ({
      id: String(id),
      state: String(state),
    })),
    miscounted: (await raw.all(MISCOUNTED_SQL)).map(({ state }) => String(state)),
    procedures: (await raw.all('select reference from open_procedures')).map(({ reference }) => String(reference)),
    audit: chain.map(recordOf),
    chain,
    head: { seq: Number(head?.seq), chainHash: toHex(head?.chain_hash as Bytes) },
  };
}

const MISCOUNTED_SQL = `select state from update_counts
  where updates <> (select count(*) from card_updates where card_updates.state = update_counts.state)`;
const EVENTS_SQL = `select topic, subject from outbox where topic <> 'webhook.test'`;
/** The transaction of CMP that has asked for a certificate. */
const OF_CMP_SQL = `(select min(transaction_id) from cmp_transactions
  where certificate_id = certificates.id and kind in ('ir', 'cr', 'p10cr', 'kur'))`;
const OF_LINES_SQL = `select id from certificates where claim_route like 'order/%'`;
const MASS_REVOKED_SQL = `select certificate_id as id from mass_revocation_items where outcome = 'revoked'`;
const TWICE_SQL = `select certificate_id as id from status_events where status = 'revoked'
  group by certificate_id having count(*) > 1`;

async function massRevocationsOf(raw: RawDatabase): Promise<readonly MassRevocationRow[]> {
  const rows = await raw.all(
    `select r.id, r.state, r.matched, r.revoked + r.already_revoked as done,
        sum(case when i.outcome is null then 0 else 1 end) as settled,
        sum(case when i.outcome is null then 1 else 0 end) as waiting,
        sum(case when c.status = 'revoked' then 0 else 1 end) as live
      from mass_revocations r join mass_revocation_items i on i.revocation_id = r.id
      join certificates c on c.id = i.certificate_id
      group by r.id, r.state, r.matched, r.revoked, r.already_revoked order by r.id`,
  );
  return rows.map(({ id, state, matched, done, settled, waiting, live }) => ({
    id: String(id),
    state: String(state),
    matched: Number(matched),
    done: Number(done),
    settled: Number(settled),
    waiting: Number(waiting),
    live: Number(live),
  }));
}

const OUTCOME_COUNTS = [
  'issued',
  'duplicate',
  'refused',
  'not_issued',
  'cancelled',
  'would_issue',
  'would_be_duplicate',
];

async function ordersOf(raw: RawDatabase): Promise<readonly OrderRow[]> {
  const orders = await raw.all('select * from orders order by id');
  const made = orders.map(async (order): Promise<OrderRow> => {
    const id = String(order.id);
    const route = `order/${id}`;
    const rows = await raw.all('select line, outcome, result from order_lines where order_id = ?', id);
    const claims = await raw.all('select key from idempotency where route = ? and result is null', route);
    const signed = await raw.all('select id from certificates where claim_route = ? and signature is not null', route);
    const named = rows.flatMap(({ outcome, result }) =>
      outcome === 'issued' ? (JSON.parse(String(result)) as NamingResult).certificates.map((one) => one.id) : [],
    );
    const nameOf = (column: string): string => column.replaceAll('_', '-');
    return {
      id,
      state: String(order.state),
      lines: Number(order.lines),
      counted: Object.fromEntries(OUTCOME_COUNTS.map((name) => [nameOf(name), Number(order[`count_${name}`])])),
      rows: Object.fromEntries(
        OUTCOME_COUNTS.map((name) => [nameOf(name), rows.filter(({ outcome }) => outcome === nameOf(name)).length]),
      ),
      named: named.sort(),
      signed: signed.map((one) => String(one.id)).sort(),
      claimed: claims.map(({ key }) => String(key)),
      settled: rows.map(({ line }) => String(line)),
    };
  });
  return Promise.all(made);
}

type NamingResult = { readonly certificates: readonly { readonly id: string }[] };

export type StatusRow = Pick<CertificateRow, 'issuer' | 'serial' | 'status'>;

export async function statusRows(raw: RawDatabase): Promise<readonly StatusRow[]> {
  const rows = await raw.all('select issuer, serial, status from certificates order by id');
  return rows.map(({ issuer, serial, status }) => ({
    issuer: String(issuer),
    serial: String(serial),
    status: String(status),
  }));
}

async function chainOf(raw: RawDatabase): Promise<readonly AuditEntry[]> {
  const rows = await raw.all('select * from audit_entries order by seq');
  return rows.map(({ seq, bytes, leaf_hash: leafHash, chain_hash: chainHash, ...row }) => ({
    seq: Number(seq),
    bytes: new Uint8Array(bytes as Bytes),
    leafHash: new Uint8Array(leafHash as Bytes),
    chainHash: new Uint8Array(chainHash as Bytes),
    keys: {
      at: Number(row.at),
      type: String(row.type),
      actor: String(row.actor),
      outcome: row.outcome as AuditEntry['keys']['outcome'],
      requestId: textOrNull(row.request_id),
      subjectId: textOrNull(row.subject_id),
      holderTag: row.holder_tag === null ? null : toHex(row.holder_tag as Bytes),
      cardTag: row.card_tag === null ? null : toHex(row.card_tag as Bytes),
    },
  }));
}

function recordOf({ seq, bytes }: AuditEntry): AuditRecord {
  const { type, details } = JSON.parse(Buffer.from(bytes).toString('utf8')) as AuditRecord;
  return { seq, type, details: details ?? {} };
}

export async function auditRecords(raw: RawDatabase): Promise<readonly AuditRecord[]> {
  return (await chainOf(raw)).map(recordOf);
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A published CRL, read back and verified. `fault`: why it could not be. */
export type List = {
  /** As from `listName`. */
  readonly issuer: string;
  readonly bytes: Bytes;
  readonly sha256: string;
  readonly number: number;
  readonly tbsSha256: string;
  readonly fault: string | null;
};

/** null: it does not exist. */
export async function listOf(
  folder: string,
  { issuer }: Pick<Authority, 'issuer'>,
  scope: CrlScope,
): Promise<List | null> {
  const file = join(folder, crlFileName(issuer.id, scope));
  if (!existsSync(file)) return null;
  const bytes = new Uint8Array(readFileSync(file));
  const sha256 = digestOf(bytes);
  const known = listsRead.get(issuer) ?? new Map<string, List>();
  listsRead.set(issuer, known);
  const list = known.get(`${scope} ${sha256}`) ?? (await readList(bytes, { issuer, scope, sha256 }));
  known.set(`${scope} ${sha256}`, list);
  return list;
}

/**
 * CRLs by authority, scope and digest: those of the stage are there before every fault, and after
 * most.
 */
const listsRead = new WeakMap<Authority['issuer'], Map<string, List>>();

type ListFile = { readonly issuer: Authority['issuer']; readonly scope: CrlScope; readonly sha256: string };

async function readList(bytes: Bytes, { issuer, scope, sha256 }: ListFile): Promise<List> {
  const chunks = (async function* once() {
    yield bytes;
  })();
  const read = await readCrl(chunks, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any' });
  return {
    issuer: listName(issuer.id, scope),
    bytes,
    sha256,
    number: read.ok ? read.value.number : 0,
    tbsSha256: read.ok ? read.value.tbsSha256 : '',
    fault: read.ok ? null : `${read.error.kind}: ${read.error.detail}`,
  };
}

export function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** What was reported to a client, which may rely on it. */
export type ReportedCertificate =
  | {
      readonly kind: 'certificate';
      readonly id: string;
      readonly issuer: string;
      readonly serial: string;
      readonly status: string;
      readonly tbsSha256: string;
      readonly signature: string | null;
    }
  | { readonly kind: 'crl'; readonly issuer: string; readonly number: number; readonly sha256: string | null };

export function linesOf<Line>(file: string): readonly Line[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}
