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

/**
 * The certificates of these are signed. The client has its whole time to confirm from now on, and
 * once more from the first answer that has the certificate (`poll.ts`).
 */
export async function answerCmp(
  tx: RowAccess,
  signed: readonly (SettledCertificate & Pick<CertificateRecord, 'createdAt'>)[],
  at: Instant,
): Promise<void> {
  const intentAt = new Map(signed.map(({ id, createdAt }) => [id, createdAt]));
  for (const row of await rowsOf(tx, signed)) {
    const { confirmBy, certificateId } = row;
    const settled = { ...row, request: null, checkAfter: null, waitUntil: null };
    if (confirmBy === null) await tx.changeCmpTransaction({ ...settled, state: 'done', endedAt: at });
    else {
      const within = confirmBy - (intentAt.get(certificateId ?? '') ?? confirmBy);
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
      waitUntil: null,
      endedAt: at,
    });
}

async function rowsOf(tx: RowAccess, settled: readonly SettledCertificate[]): Promise<readonly CmpTransaction[]> {
  const ids = settled.flatMap(({ id, protocol }) => (protocol === 'cmp' ? [id] : []));
  if (ids.length === 0) return [];
  const rows = await tx.cmpTransactionsOfCertificates(ids);
  return rows.filter(({ state }) => state === 'working' || state === 'waiting');
}
