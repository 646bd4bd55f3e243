/**
 * What becomes of transactions of CMP when their certificates are signed or given up, in the
 * transactions of the database that store signatures and end intents, whoever makes them: the
 * request, recovery or a revocation.
 */
import type { Instant } from '../../kernel/clock.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { Transaction } from '../../ports/store.js';

type SettledCertificate = Pick<CertificateRecord, 'id' | 'protocol'>;

type RowAccess = Pick<Transaction, 'cmpTransactionsOfCertificates' | 'changeCmpTransaction'>;

/** A certificate whose signature is stored. `isLate`: recovery has signed it. */
export type CmpSignature = {
  readonly record: Pick<CertificateRecord, 'id' | 'protocol' | 'createdAt'>;
  readonly isLate: boolean;
};

/**
 * The client has its whole time to confirm from now on, and once more from the first answer that
 * has the certificate (`poll.ts`). Where recovery has signed, the client waits for this answer.
 */
export async function answerCmp(tx: RowAccess, signed: readonly CmpSignature[], at: Instant): Promise<void> {
  const records = signed.map(({ record }) => record);
  for (const row of await rowsOf(tx, records)) {
    const { confirmBy, certificateId } = row;
    const found = signed.find(({ record }) => record.id === certificateId);
    const waitUntil = row.waitUntil ?? (found?.isLate === true ? at : null);
    const settled = { ...row, request: null, checkAfter: null, waitUntil };
    if (confirmBy === null) await tx.changeCmpTransaction({ ...settled, state: 'done', endedAt: at });
    else {
      const within = confirmBy - (found?.record.createdAt ?? confirmBy);
      await tx.changeCmpTransaction({ ...settled, state: 'answered', confirmBy: Math.max(confirmBy, at + within) });
    }
  }
}

const GIVEN_UP = {
  status: 'rejection',
  failInfo: 'systemFailure',
  text: ['The certificate could not be issued: send a new request.'],
} as const;

/** The intents of these are given up. */
export async function refuseCmp(tx: RowAccess, givenUp: readonly SettledCertificate[], at: Instant): Promise<void> {
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

async function rowsOf(tx: RowAccess, settled: readonly SettledCertificate[]): Promise<readonly CmpTransaction[]> {
  const ids = settled.flatMap(({ id, protocol }) => (protocol === 'cmp' ? [id] : []));
  if (ids.length === 0) return [];
  const rows = await tx.cmpTransactionsOfCertificates(ids);
  return rows.filter(({ state }) => state === 'working' || state === 'waiting');
}
