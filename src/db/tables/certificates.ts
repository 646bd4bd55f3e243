/** Certificates by what they are asked for, and the three things that ever happen to one. */
import { domainsOf } from '../../access/scope.js';
import { assert, present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { CertificateRecord, Reads, StatusRecord, StoredState, Transaction } from '../../ports/store.js';
import { chunks, insert, marks, rowsOfMarks } from '../engine/many.js';
import type { Session, Statement } from '../engine/session.js';
import { certificateColumns, certificateOf, stateColumns, stateOf } from './certificate-row.js';
import { blob, flag, integer, type Row, text } from './columns.js';
import { registerIssuers } from './issuers.js';
import { search } from './search.js';

const STATUS_SQL = `select serial, status, state_at, reason, invalidity_date, not_after,
  case when signature is null then 0 else 1 end as signed from certificates where issuer = ? and serial`;

type CertificateReads = Pick<
  Reads,
  | 'certificateById'
  | 'certificateBySerial'
  | 'certificatesByIds'
  | 'certificatesOfCards'
  | 'certificatesOfHolder'
  | 'certificatesByKeys'
  | 'compromisedKeys'
  | 'search'
  | 'openIntents'
  | 'status'
  | 'statuses'
>;

export function certificateReads(session: Session): CertificateReads {
  const { db } = session;
  const many = async (statement: Statement): Promise<readonly CertificateRecord[]> =>
    (await session.rows(statement)).map(certificateOf);
  const one = async (statement: Statement): Promise<CertificateRecord | null> => (await many(statement))[0] ?? null;
  const where = (columns: Readonly<Record<string, string>>) => db('certificates').where(columns).orderBy('id');
  const whereIn = async (column: string, values: readonly string[]): Promise<readonly CertificateRecord[]> => {
    const found: CertificateRecord[] = [];
    for (const some of chunks(values)) {
      const sql = `select * from certificates where ${column} in ${marks(some.length)} order by id`;
      found.push(...(await session.sql(sql, some)).map(certificateOf));
    }
    return found;
  };
  return {
    certificateById: (id) => one(where({ id })),
    certificateBySerial: (issuer, serial) => one(where({ issuer, serial })),
    certificatesByIds: (ids) => whereIn('id', ids),
    certificatesOfCards: (tokenIds) => whereIn('card_token_id', tokenIds),
    certificatesOfHolder: (holderId) => many(where({ holder_id: holderId })),
    certificatesByKeys: (spkiSha256s) => whereIn('spki_sha256', spkiSha256s),
    compromisedKeys: async (spkiSha256s) => {
      const found: string[] = [];
      for (const some of chunks(spkiSha256s)) {
        const sql = `select distinct spki_sha256 from certificates
          where spki_sha256 in ${marks(some.length)} and status = 'revoked' and reason = 'keyCompromise'
          union select spki_sha256 from blocked_keys where spki_sha256 in ${marks(some.length)}`;
        found.push(...(await session.rows(db.raw(sql, [...some, ...some]))).map((row) => text(row, 'spki_sha256')));
      }
      return found;
    },
    search: (filter) => search(session, filter),
    // The state stands in the text and not in a parameter, so that the planner sees that the partial index serves.
    openIntents: (limit) => many(db('certificates').whereRaw(`status = 'open'`).orderBy('id').limit(limit)),
    status: async (issuer, serial) => {
      const [row] = await session.sql(`${STATUS_SQL} = ?`, [issuer, serial]);
      return row === undefined ? null : statusOf(row);
    },
    statuses: async (issuer, serials) => {
      const found = new Map<string, StatusRecord>();
      for (const some of chunks(serials)) {
        const sql = `${STATUS_SQL} in ${marks(roundedUp(some.length))}`;
        const asked = [...some, ...Array<string>(roundedUp(some.length) - some.length).fill(some[0] ?? '')];
        for (const row of await session.sql(sql, [issuer, ...asked])) found.set(text(row, 'serial'), statusOf(row));
      }
      return found;
    },
  };
}

/** To a power of two: few texts, each of which is prepared once. */
function roundedUp(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

function statusOf(row: Row): StatusRecord {
  return { state: stateOf(row), notAfter: integer(row, 'not_after'), signed: flag(row, 'signed') };
}

type CertificateWrites = Pick<
  Transaction,
  'insertIntents' | 'storeSignatures' | 'lockOpen' | 'lockCertificate' | 'setState' | 'setStates'
>;

export function certificateWrites(session: Session): CertificateWrites {
  return {
    insertIntents: (records) => insertIntents(session, records),
    storeSignatures: (signed) => storeSignatures(session, signed),
    lockOpen: (ids) => lockOpen(session, ids),
    lockCertificate: async (id) => {
      const row = await session.first(session.db('certificates').where({ id }).forUpdate());
      return row === null ? null : certificateOf(row);
    },
    setState: (id, state, event) => setState(session, { id, state, event }),
    setStates: (changes, event) => setStates(session, changes, event),
  };
}

async function insertIntents(session: Session, records: readonly CertificateRecord[]): Promise<void> {
  for (const { state, signature } of records) {
    assert(state.status === 'open' && signature === null, 'an intent is open and has no signature');
  }
  await registerIssuers(session, new Set(records.map(({ issuer }) => issuer)));
  const domains = records.flatMap(({ id, holder }) =>
    domainsOf(holder).map((domain) => ({ certificate_id: id, domain })),
  );
  for (const some of chunks(records)) await insert(session, 'certificates', some.map(certificateColumns));
  for (const some of chunks(domains)) await insert(session, 'certificate_domains', some);
}

type Signed = Parameters<Transaction['storeSignatures']>[0];

async function storeSignatures(session: Session, signed: Signed): Promise<void> {
  const { binaryType } = session;
  for (const some of chunks(signed)) {
    const row = `(?, ?, cast(? as ${binaryType}))`;
    const stored = await session.sql(
      `with signed (id, status, signature) as (values ${rowsOfMarks(some.length, row)})
        update certificates set signature = signed.signature, status = signed.status from signed
        where certificates.id = signed.id and certificates.status = 'open' returning certificates.id as id`,
      some.flatMap(({ id, status, signature }) => [id, status, blob(signature)]),
    );
    assert(stored.length === some.length, 'a signature is stored for an open intent');
  }
}

async function lockOpen(session: Session, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  for (const some of chunks(ids)) {
    const sql = `select id, status from certificates where id in ${marks(some.length)}`;
    for (const row of await session.sql(sql, some)) if (text(row, 'status') === 'open') open.add(text(row, 'id'));
  }
  return open;
}

async function setState(
  session: Session,
  change: {
    readonly id: string;
    readonly state: StoredState;
    readonly event: { readonly at: Instant; readonly actor: string };
  },
): Promise<void> {
  const { id, event } = change;
  const columns = stateColumns(change.state);
  const changed = await session.rows(
    session.db('certificates').where({ id }).update(columns).returning(['issuer', 'id']),
  );
  assert(changed.length === 1, 'the state of a certificate that is there');
  const issuer = text(present(changed[0], 'the certificate'), 'issuer');
  await session.rows(session.db('status_events').insert({ certificate_id: id, issuer, ...event, ...columns }));
}

type Changes = Parameters<Transaction['setStates']>[0];

async function setStates(
  session: Session,
  changes: Changes,
  event: { readonly at: Instant; readonly actor: string },
): Promise<void> {
  // Of the parameters nothing else tells the type.
  const row = '(cast(? as varchar), cast(? as varchar), cast(? as bigint), cast(? as varchar), cast(? as bigint))';
  for (const some of chunks(changes)) {
    const columns = some.map(({ id, state }) => ({ id, ...stateColumns(state) }));
    const changed = await session.sql(
      `with changed (id, status, state_at, reason, invalidity_date) as (values ${rowsOfMarks(some.length, row)})
        update certificates set status = changed.status, state_at = changed.state_at, reason = changed.reason,
          invalidity_date = changed.invalidity_date from changed
        where certificates.id = changed.id returning certificates.id as id, certificates.issuer as issuer`,
      columns.flatMap(({ id, status, state_at, reason, invalidity_date }) => [
        id,
        status,
        state_at,
        reason,
        invalidity_date,
      ]),
    );
    assert(changed.length === some.length, 'the states of certificates that are there');
    const issuers = new Map(changed.map((row) => [text(row, 'id'), text(row, 'issuer')]));
    const events = columns.map(({ id, ...state }) => ({
      certificate_id: id,
      issuer: present(issuers.get(id), 'issuer of a certificate that is there'),
      ...event,
      ...state,
    }));
    await insert(session, 'status_events', events);
  }
}
