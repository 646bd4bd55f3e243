/** Certificates by what they are asked for, and the three things that ever happen to one. */
import { domainsOf } from '../access/scope.js';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { CertificateRecord, Reads, StoredState, Transaction } from '../ports/store.js';
import { certificateColumns, certificateOf, stateColumns, stateOf } from './certificate-row.js';
import { blob, flag, integer } from './columns.js';
import { registerIssuers } from './issuers.js';
import { search } from './search.js';
import type { Session, Statement } from './session.js';

/** Under SQLite's limit of terms in a compound SELECT, which is how knex inserts many rows at once. */
const ROWS_PER_INSERT = 200;

const STATUS_SQL = `select status, state_at, reason, invalidity_date, not_after,
  case when signature is null then 0 else 1 end as signed from certificates where issuer = ? and serial = ?`;

type CertificateReads = Pick<
  Reads,
  | 'certificateById'
  | 'certificateBySerial'
  | 'certificatesOfCard'
  | 'certificatesOfHolder'
  | 'certificatesByKey'
  | 'search'
  | 'openIntents'
  | 'status'
>;

export function certificateReads(session: Session): CertificateReads {
  const { db } = session;
  const many = async (statement: Statement): Promise<readonly CertificateRecord[]> =>
    (await session.rows(statement)).map(certificateOf);
  const one = async (statement: Statement): Promise<CertificateRecord | null> => (await many(statement))[0] ?? null;
  const where = (columns: Readonly<Record<string, string>>) => db('certificates').where(columns).orderBy('id');
  return {
    certificateById: (id) => one(where({ id })),
    certificateBySerial: (issuer, serial) => one(where({ issuer, serial })),
    certificatesOfCard: (tokenId) => many(where({ card_token_id: tokenId })),
    certificatesOfHolder: (holderId) => many(where({ holder_id: holderId })),
    certificatesByKey: (spkiSha256) => many(where({ spki_sha256: spkiSha256 })),
    search: (filter) => search(session, filter),
    // The state stands in the text and not in a parameter, so that the planner sees that the partial index serves.
    openIntents: (limit) => many(db('certificates').whereRaw(`status = 'open'`).orderBy('id').limit(limit)),
    status: async (issuer, serial) => {
      const row = await session.first(db.raw(STATUS_SQL, [issuer, serial]));
      return row === null
        ? null
        : { state: stateOf(row), notAfter: integer(row, 'not_after'), signed: flag(row, 'signed') };
    },
  };
}

type CertificateWrites = Pick<Transaction, 'insertIntents' | 'storeSignature' | 'lockCertificate' | 'setState'>;

export function certificateWrites(session: Session): CertificateWrites {
  return {
    insertIntents: (records) => insertIntents(session, records),
    storeSignature: (id, signature, status) => storeSignature(session, { id, signature, status }),
    lockCertificate: async (id) => {
      const row = await session.first(session.db('certificates').where({ id }).forUpdate());
      return row === null ? null : certificateOf(row);
    },
    setState: (id, state, event) => setState(session, { id, state, event }),
  };
}

async function insertIntents(session: Session, records: readonly CertificateRecord[]): Promise<void> {
  const { db } = session;
  for (const { state, signature } of records) {
    assert(state.status === 'open' && signature === null, 'an intent is open and has no signature');
  }
  await registerIssuers(session, new Set(records.map(({ issuer }) => issuer)));
  const domains = records.flatMap(({ id, holder }) =>
    domainsOf(holder).map((domain) => ({ certificate_id: id, domain })),
  );
  for (const rows of chunks(records.map(certificateColumns))) await session.rows(db('certificates').insert(rows));
  for (const rows of chunks(domains)) await session.rows(db('certificate_domains').insert(rows));
}

function chunks<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / ROWS_PER_INSERT);
  return Array.from({ length: count }, (_, at) => items.slice(at * ROWS_PER_INSERT, (at + 1) * ROWS_PER_INSERT));
}

async function storeSignature(
  session: Session,
  { id, signature, status }: { readonly id: string; readonly signature: Bytes; readonly status: 'issued' | 'pending' },
): Promise<void> {
  const open = session.db('certificates').where({ id, status: 'open' });
  const stored = await session.changes(open.update({ signature: blob(signature), status }));
  assert(stored === 1, 'a signature is stored for an open intent');
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
  const changed = await session.changes(session.db('certificates').where({ id }).update(columns));
  assert(changed === 1, 'the state of a certificate that is there');
  await session.rows(session.db('status_events').insert({ certificate_id: id, ...event, ...columns }));
}
