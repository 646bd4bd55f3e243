/**
 * What becomes of transactions of CMP when their certificates are signed or given up, in the
 * transactions of the database that store signatures and end intents, whoever makes them: the
 * request, recovery or a revocation.
 */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpSettlement, CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { Transaction } from '../../ports/store.js';

type SettledCertificate = Pick<CertificateRecord, 'id' | 'protocol'>;

type RowReads = Pick<Transaction, 'cmpTransactionsOfCertificates'>;

/** A certificate whose signature is stored. `isLate`: recovery has signed it. */
type CmpSignature = {
  readonly record: Pick<CertificateRecord, 'id' | 'protocol' | 'createdAt'>;
  readonly isLate: boolean;
};

/**
 * The client has its whole time to confirm from now on, and once more from the first answer that
 * has the certificate (`poll.ts`). Where recovery has signed, the client waits for this answer.
 */
export async function answerCmp(
  tx: RowReads & Pick<Transaction, 'settleCmpTransactions'>,
  signed: readonly CmpSignature[],
  at: Instant,
): Promise<void> {
  const rows = await rowsOf(
    tx,
    signed.map(({ record }) => record),
  );
  const settlements = rows.map((row): CmpSettlement => {
    const certificateId = present(row.certificateId, 'the certificate of a transaction that is settled');
    const found = signed.find(({ record }) => record.id === certificateId);
    const waitUntil = row.waitUntil ?? (found?.isLate === true ? at : null);
    const common = { certificateIds: [certificateId], waitUntil };
    if (row.confirmBy === null) return { ...common, state: 'done', confirmBy: null, endedAt: at };
    const within = row.confirmBy - (found?.record.createdAt ?? row.confirmBy);
    return { ...common, state: 'answered', confirmBy: Math.max(row.confirmBy, at + within), endedAt: null };
  });
  for (const settlement of joined(settlements)) await tx.settleCmpTransactions(settlement);
}

/** Transactions of one group mostly become the same, which is then one statement. */
function joined(settlements: readonly CmpSettlement[]): readonly CmpSettlement[] {
  const groups = new Map<string, CmpSettlement>();
  for (const settlement of settlements) {
    const { certificateIds, ...change } = settlement;
    const key = JSON.stringify(change);
    groups.set(key, { ...change, certificateIds: [...(groups.get(key)?.certificateIds ?? []), ...certificateIds] });
  }
  return [...groups.values()];
}

const GIVEN_UP = {
  status: 'rejection',
  failInfo: 'systemFailure',
  text: ['The certificate could not be issued: send a new request.'],
} as const;

/** The intents of these are given up. */
export async function refuseCmp(
  tx: RowReads & Pick<Transaction, 'changeCmpTransaction'>,
  givenUp: readonly SettledCertificate[],
  at: Instant,
): Promise<void> {
  for (const row of await rowsOf(tx, givenUp))
    await tx.changeCmpTransaction({
      ...row,
      state: 'refused',
      outcome: GIVEN_UP,
      request: null,
      checkAfter: null,
      waitUntil: row.waitUntil ?? at,
      endedAt: at,
    });
}

async function rowsOf(tx: RowReads, settled: readonly SettledCertificate[]): Promise<readonly CmpTransaction[]> {
  const ids = settled.flatMap(({ id, protocol }) => (protocol === 'cmp' ? [id] : []));
  if (ids.length === 0) return [];
  const rows = await tx.cmpTransactionsOfCertificates(ids);
  return rows.filter(({ state }) => state === 'working' || state === 'waiting');
}
