/**
 * Reads certificate records by id, serial number, card, holder and key. Writes intents, recovered
 * certificates and signatures.
 */
import { domainsOf } from '../../access/decide.js';
import { assert } from '../../kernel/assert.js';
import type { RunId } from '../../ports/node.js';
import type { CertificateReads, CertificateRecord, CertificateWrites } from '../../ports/store/certificates.js';
import { insert, padToPowerOfTwo, placeholders, rowPlaceholders, statementBatches } from '../engine/many-rows.js';
import type { Session, Statement } from '../engine/session.js';
import { certificateChanges } from './certificate-changes.js';
import { certificateColumns, certificateOf } from './certificate-row.js';
import { blob, text } from './columns.js';
import { registerIssuers } from './issuers.js';
import { search, searchSummaries } from './search.js';

export function certificateReads(session: Session): CertificateReads {
  const { db } = session;
  const readMany = async (statement: Statement): Promise<readonly CertificateRecord[]> =>
    (await session.rows(statement)).map(certificateOf);
  const readOne = async (statement: Statement): Promise<CertificateRecord | null> =>
    (await readMany(statement))[0] ?? null;
  const where = (columns: Readonly<Record<string, string>>) => db('certificates').where(columns).orderBy('id');
  const whereIn = async (column: string, values: readonly string[]): Promise<readonly CertificateRecord[]> => {
    const found: CertificateRecord[] = [];
    for (const batch of statementBatches(values).map(padToPowerOfTwo)) {
      const sql = `select * from certificates where ${column} in ${placeholders(batch.length)} order by id`;
      found.push(...(await session.sql(sql, batch)).map(certificateOf));
    }
    return found;
  };
  return {
    certificateById: (id) => readOne(where({ id })),
    certificateBySerial: (issuer, serial) => readOne(where({ issuer, serial })),
    certificatesByIds: (ids) => whereIn('id', ids),
    certificatesOfCards: (tokenIds) => whereIn('card_token_id', tokenIds),
    certificatesOfHolder: (holderId) => readMany(where({ holder_id: holderId })),
    renewalsOf: (id) => readMany(where({ renews: id })),
    newestRenewals: (ids) => newestRenewals(session, ids),
    certificatesByKeys: (spkiSha256s) => whereIn('spki_sha256', spkiSha256s),
    search: (filter) => search(session, filter),
    searchSummaries: (filter) => searchSummaries(session, filter),
    certificateChanges: (filter) => certificateChanges(session, filter),
    // The status is a literal in the SQL and not a parameter, so that the planner can use the
    // partial index.
    openIntents: ({ run, after = '', limit }) =>
      readMany(
        db('certificates')
          .whereRaw(`status = 'open'`)
          .where({ run })
          .where('id', '>', after)
          .orderBy('id')
          .limit(limit),
      ),
    endedRunsWithIntents: async (limit) => {
      const rows = await session.sql(
        `select distinct run from certificates where status = 'open'
          and not exists (select 1 from runs where runs.run = certificates.run and ended_at is null)
          order by run limit ?`,
        [limit],
      );
      return rows.map((row) => text(row, 'run') as RunId);
    },
  };
}

/**
 * Returns the id of the newest issued renewal of each certificate. It is the highest id, because
 * ids ascend in time.
 */
async function newestRenewals(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const newest = new Map<string, string>();
  for (const batch of statementBatches(ids).map(padToPowerOfTwo)) {
    const sql = `select renews, max(id) as id from certificates
      where renews in ${placeholders(batch.length)} and issued_seq + 0 > 0 group by renews`;
    for (const row of await session.sql(sql, batch)) newest.set(text(row, 'renews'), text(row, 'id'));
  }
  return newest;
}

export function certificateWrites(session: Session): CertificateWrites {
  return {
    insertIntents: (intents) => {
      for (const { record } of intents)
        assert(record.state.status === 'open' && record.signature === null, 'an intent is open and has no signature');
      return insertRecords(session, intents);
    },
    insertRecovered: (recovered) => {
      for (const { record } of recovered) assert(isRecovered(record), 'a recovered certificate has no octets');
      return insertRecords(session, recovered);
    },
    storeSignatures: (signed) => storeSignatures(session, signed),
    openAmong: (ids) => openAmong(session, ids),
    lockCertificate: async (id) => {
      const row = await session.first(session.db('certificates').where({ id }).forUpdate());
      return row === null ? null : certificateOf(row);
    },
  };
}

type IntentRows = Parameters<CertificateWrites['insertIntents']>[0];

function isRecovered({ state, signature, tbs, recoveredSha256 }: CertificateRecord): boolean {
  return state.status === 'issued' && signature === null && tbs.length === 0 && recoveredSha256 !== null;
}

async function insertRecords(session: Session, intents: IntentRows): Promise<void> {
  const records = intents.map(({ record }) => record);
  await registerIssuers(session, new Set(records.map(({ issuer }) => issuer)));
  const domains = records.flatMap(({ id, holder }) =>
    domainsOf(holder).map((domain) => ({ certificate_id: id, domain })),
  );
  const rows = intents.map(({ record, intentSeq }) => ({ ...certificateColumns(record), intent_seq: intentSeq }));
  for (const batch of statementBatches(rows)) await insert(session, 'certificates', batch);
  for (const batch of statementBatches(domains)) await insert(session, 'certificate_domains', batch);
}

type SignatureRows = Parameters<CertificateWrites['storeSignatures']>[0];

async function storeSignatures(session: Session, signed: SignatureRows): Promise<void> {
  const { binaryType } = session;
  for (const batch of statementBatches(signed)) {
    const row = `(?, cast(? as bigint), cast(? as ${binaryType}))`;
    const stored = await session.sql(
      `with signed (id, issued_seq, signature) as (values ${rowPlaceholders(batch.length, row)})
        update certificates set signature = signed.signature, status = certificates.becomes,
          issued_seq = signed.issued_seq from signed
        where certificates.id = signed.id and certificates.status = 'open' returning certificates.id as id`,
      batch.flatMap(({ id, issuedSeq, signature }) => [id, issuedSeq, blob(signature)]),
    );
    assert(stored.length === batch.length, 'a signature is stored for an open intent');
  }
}

async function openAmong(session: Session, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  for (const batch of statementBatches(ids).map(padToPowerOfTwo)) {
    const sql = `select id, status from certificates where id in ${placeholders(batch.length)}`;
    for (const row of await session.sql(sql, batch)) if (text(row, 'status') === 'open') open.add(text(row, 'id'));
  }
  return open;
}
