/** Reads and writes CMP transactions. */
import { assert } from '../../../kernel/assert.js';
import { type Instant, toSecond } from '../../../kernel/clock.js';
import { canonicalJson, type Json } from '../../../kernel/json.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import {
  CMP_KINDS,
  CMP_STATES,
  type CmpTransaction,
  type CmpTransactionKey,
  type CmpTransactionReads,
  type CmpTransactionWrites,
  type CountedCmpTransaction,
  type SignedCmpCertificate,
} from '../../../ports/store/enrolment/cmp-transactions.js';
import { insert, padToPowerOfTwo, placeholders, rowPlaceholders, statementBatches } from '../../engine/many-rows.js';
import type { Session } from '../../engine/session.js';
import { certificateOf } from '../certificate-row.js';
import {
  blob,
  bytesOrNull,
  flag,
  integer,
  integerOrNull,
  json,
  oneOf,
  type Row,
  text,
  textOrNull,
} from '../columns.js';

/** Counts for the metrics. Each subquery has a partial index. */
const TOTALS_SQL = `select
  (select count(*) from cmp_transactions where state = 'lapsed' and ended_at is null) as undetermined,
  (select min(begun_at) from cmp_transactions where state = 'waiting') as waiting_since`;

export function cmpTransactionReads(session: Session): CmpTransactionReads {
  const readMany = async (sql: string, bindings: readonly (string | number)[]): Promise<readonly CmpTransaction[]> =>
    (await session.sql(sql, bindings)).map(transactionOf);
  const readOne = async ({ principal, transactionId }: CmpTransactionKey): Promise<CmpTransaction | null> => {
    const sql = 'select * from cmp_transactions where principal = ? and transaction_id = ?';
    return (await readMany(sql, [principal, transactionId]))[0] ?? null;
  };
  return {
    cmpTransaction: readOne,
    cmpTransactionsByIds: async (transactionIds, limitOfEach) => {
      const found: CmpTransaction[] = [];
      for (const batch of statementBatches([...new Set(transactionIds)]).map(padToPowerOfTwo)) {
        const sql = `select * from (select *, row_number() over (partition by transaction_id order by begun_at desc) as place
            from cmp_transactions where transaction_id in ${placeholders(batch.length)}) placed
          where place <= ? order by begun_at desc`;
        found.push(...(await readMany(sql, [...batch, limitOfEach])));
      }
      return found;
    },
    cmpTransactionsByKeys: async (keys) => {
      const found: CmpTransaction[] = [];
      for (const batch of statementBatches([...new Set(keys.map(({ transactionId }) => transactionId))]).map(
        padToPowerOfTwo,
      ))
        found.push(
          ...(await readMany(
            `select * from cmp_transactions where transaction_id in ${placeholders(batch.length)}`,
            batch,
          )),
        );
      return found.filter((row) => isOfOne(keys, row));
    },
    certificatesOfCmpTransactions: async (keys) => {
      const ids = [...new Set(keys.map(({ transactionId }) => transactionId))];
      const found: CertificateRecord[] = [];
      for (const batch of statementBatches(ids).map(padToPowerOfTwo)) {
        const sql = `select certificates.*, principal, transaction_id from certificates
          join cmp_transactions on certificate_id = certificates.id where transaction_id in ${placeholders(batch.length)}`;
        const rows = await session.sql(sql, batch);
        found.push(...rows.filter((row) => isOfOne(keys, keyOf(row))).map(certificateOf));
      }
      return found;
    },
    cmpTransactionsOfCertificates: async (ids) => {
      const found: CmpTransaction[] = [];
      for (const batch of statementBatches(ids).map(padToPowerOfTwo))
        found.push(
          ...(await readMany(
            `select * from cmp_transactions where certificate_id in ${placeholders(batch.length)}`,
            batch,
          )),
        );
      return found;
    },
    countedCmpTransactions: async (keys, countMax) => {
      const found: CountedCmpTransaction[] = [];
      for (const batch of statementBatches(keys)) {
        const asked = padToPowerOfTwo(
          batch.map(({ principal, transactionId }, place) => ({ place, principal, transactionId })),
        );
        const sql = `with asked (place, asker, asked_id) as (values ${rowPlaceholders(asked.length, '(cast(? as integer), ?, ?)')})
          select cmp_transactions.*, place, (select count(*) from (select 1 as one from cmp_transactions
              where principal = asker and ended_at is null limit ?) counted) as open
            from asked left join cmp_transactions on principal = asker and transaction_id = asked_id
            order by place`;
        const rows = await session.sql(sql, [
          ...asked.flatMap(({ place, principal, transactionId }) => [place, principal, transactionId]),
          countMax,
        ]);
        found.push(...rows.slice(0, batch.length).map(countedOf));
      }
      return found;
    },
    cmpTransactionsPastEnd: async (now, limit) => {
      const lapsed = await readMany(
        `select * from cmp_transactions where state = 'answered' and confirm_by < ? order by confirm_by limit ?`,
        [now, limit],
      );
      const late = await readMany(
        `select * from cmp_transactions where state = 'waiting' and certificate_id is null and wait_until < ? order by wait_until limit ?`,
        [now, limit],
      );
      const over = await readMany(
        `select cmp_transactions.* from cmp_transactions join certificates on certificates.id = certificate_id
          where state = 'lapsed' and ended_at is null and (status = 'revoked' or not_after < ?) order by begun_at limit ?`,
        [toSecond(now), limit],
      );
      return [...lapsed, ...late, ...over].slice(0, limit);
    },
    cmpTotals: async () => {
      const [row] = await session.sql(TOTALS_SQL);
      assert(row !== undefined, 'two aggregates are one row');
      return { undetermined: integer(row, 'undetermined'), waitingSince: integerOrNull(row, 'waiting_since') };
    },
    hasEndedCmpTransactions: async (endedBefore) => {
      const sql = 'select 1 as one from cmp_transactions where ended_at < ? limit 1';
      return (await session.sql(sql, [endedBefore])).length > 0;
    },
  };
}

export function cmpTransactionWrites(session: Session): CmpTransactionWrites {
  const { db } = session;
  return {
    insertCmpTransactions: (transactions) =>
      insert(
        session,
        'cmp_transactions',
        transactions.map((transaction) => ({
          principal: transaction.principal,
          transaction_id: transaction.transactionId,
          kind: transaction.kind,
          cert_req_id: transaction.certReqId,
          request_sha256: transaction.requestSha256,
          begun_at: transaction.begunAt,
          version: transaction.version,
          ...changingColumns(transaction),
        })),
      ),
    changeCmpTransaction: async (transaction) => {
      const { principal, transactionId, version } = transaction;
      const changed = await session.changes(
        db('cmp_transactions')
          .where({ principal, transaction_id: transactionId, version })
          .update({ ...changingColumns(transaction), version: version + 1 }),
      );
      return changed === 1;
    },
    endCmpTransactions: (ended) => endCmpTransactions(session, ended),
    answerCmpTransactions: (signed, at) => answerCmpTransactions(session, signed, at),
    deleteEndedCmpTransactions: async (endedBefore, limit) => {
      const sql = `delete from cmp_transactions where (principal, transaction_id) in
        (select principal, transaction_id from cmp_transactions where ended_at < ? order by ended_at limit ?)
        returning transaction_id`;
      return (await session.sql(sql, [endedBefore, limit])).length;
    },
  };
}

async function endCmpTransactions(session: Session, ended: readonly CmpTransaction[]): Promise<void> {
  // The database cannot infer the types of these parameters.
  const row = '(?, ?, cast(? as integer), ?, ?, ?, ?, cast(? as bigint))';
  for (const batch of statementBatches(ended)) {
    const changed = await session.sql(
      `with ended (principal, transaction_id, version, state, outcome, nonces, last_sha256, ended_at)
          as (values ${rowPlaceholders(batch.length, row)})
        update cmp_transactions set state = ended.state, outcome = ended.outcome, nonces = ended.nonces,
          last_sha256 = ended.last_sha256, ended_at = ended.ended_at, version = ended.version + 1 from ended
        where cmp_transactions.principal = ended.principal and cmp_transactions.transaction_id = ended.transaction_id
          and cmp_transactions.version = ended.version returning cmp_transactions.transaction_id`,
      batch.flatMap((one) => {
        const { state, outcome, nonces, last_sha256, ended_at } = changingColumns(one);
        return [one.principal, one.transactionId, one.version, state, outcome, nonces, last_sha256, ended_at];
      }),
    );
    assert(changed.length === batch.length, 'a transaction that ends has the version that was read');
  }
}

async function answerCmpTransactions(
  session: Session,
  signed: readonly SignedCmpCertificate[],
  at: Instant,
): Promise<void> {
  for (const batch of statementBatches(signed).map(padToPowerOfTwo))
    await session.sql(
      `with signed (certificate_id, later_ms, waits_until)
          as (values ${rowPlaceholders(batch.length, '(?, cast(? as bigint), cast(? as bigint))')})
        update cmp_transactions set state = case when confirm_by is null then 'done' else 'answered' end,
          ended_at = case when confirm_by is null then cast(? as bigint) end, confirm_by = confirm_by + later_ms,
          wait_until = coalesce(wait_until, waits_until), request = null, check_after = null, version = version + 1
        from signed where cmp_transactions.certificate_id = signed.certificate_id and state in ('working', 'waiting')`,
      [...batch.flatMap(({ certificateId, laterMs, waitUntil }) => [certificateId, laterMs, waitUntil]), at],
    );
}

function isOfOne(keys: readonly CmpTransactionKey[], { principal, transactionId }: CmpTransactionKey): boolean {
  return keys.some((key) => key.principal === principal && key.transactionId === transactionId);
}

function keyOf(row: Row): CmpTransactionKey {
  return { principal: text(row, 'principal'), transactionId: text(row, 'transaction_id') };
}

function countedOf(row: Row): CountedCmpTransaction {
  const isThere = textOrNull(row, 'principal') !== null;
  return { transaction: isThere ? transactionOf(row) : null, open: integer(row, 'open') };
}

function changingColumns(transaction: CmpTransaction) {
  const { request, nonces, protection, outcome } = transaction;
  return {
    profile: transaction.profile,
    state: transaction.state,
    certificate_id: transaction.certificateId,
    last_sha256: transaction.lastSha256,
    request: request === null ? null : blob(request),
    nonces: canonicalJson(nonces as unknown as Json),
    protection: canonicalJson(protection),
    outcome: canonicalJson(outcome as unknown as Json),
    implicit: transaction.implicit,
    encrypted: transaction.encrypted,
    vouched_by: transaction.vouchedBy,
    approval_id: transaction.approvalId,
    confirm_by: transaction.confirmBy,
    check_after: transaction.checkAfter,
    wait_until: transaction.waitUntil,
    ended_at: transaction.endedAt,
  };
}

function transactionOf(row: Row): CmpTransaction {
  return {
    ...keyOf(row),
    kind: oneOf(row, 'kind', CMP_KINDS),
    profile: textOrNull(row, 'profile'),
    state: oneOf(row, 'state', CMP_STATES),
    certReqId: integer(row, 'cert_req_id'),
    certificateId: textOrNull(row, 'certificate_id'),
    requestSha256: text(row, 'request_sha256'),
    lastSha256: text(row, 'last_sha256'),
    request: bytesOrNull(row, 'request'),
    nonces: json(row, 'nonces') as unknown as CmpTransaction['nonces'],
    protection: json(row, 'protection'),
    outcome: json(row, 'outcome') as unknown as CmpTransaction['outcome'],
    implicit: flag(row, 'implicit'),
    encrypted: flag(row, 'encrypted'),
    vouchedBy: textOrNull(row, 'vouched_by'),
    approvalId: textOrNull(row, 'approval_id'),
    begunAt: integer(row, 'begun_at'),
    confirmBy: integerOrNull(row, 'confirm_by'),
    checkAfter: integerOrNull(row, 'check_after'),
    waitUntil: integerOrNull(row, 'wait_until'),
    endedAt: integerOrNull(row, 'ended_at'),
    version: integer(row, 'version'),
  };
}
