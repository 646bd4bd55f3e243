/**
 * What becomes of transactions of CMP when their certificates are signed or given up, in the
 * transactions of the database that store signatures and end intents, whoever makes them: the
 * request, recovery or a revocation.
 */
import type { Instant } from '../../kernel/clock.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';

type SettledCertificate = Pick<CertificateRecord, 'id' | 'protocol'>;

/** A certificate whose signature is stored. `isLate`: recovery has signed it. */
type CmpSignature = {
  readonly record: Pick<CertificateRecord, 'id' | 'protocol' | 'createdAt'>;
  readonly isLate: boolean;
};

/**
 * The client has its whole time to confirm from its request on, and once more from the first answer
 * that it polls for (`poll.ts`). Where recovery has signed, it has its whole time from now on, and
 * waits for this answer.
 */
export async function answerCmp(
  tx: Pick<Transaction, 'answerCmpTransactions'>,
  signed: readonly CmpSignature[],
  at: Instant,
): Promise<void> {
  const answered = signed.flatMap(({ record: { id, protocol, createdAt }, isLate }) =>
    protocol === 'cmp'
      ? [{ certificateId: id, laterMs: isLate ? Math.max(0, at - createdAt) : 0, waitUntil: isLate ? at : null }]
      : [],
  );
  if (answered.length > 0) await tx.answerCmpTransactions(answered, at);
}

const GIVEN_UP = {
  status: 'rejection',
  failInfo: 'systemFailure',
  text: ['The certificate could not be issued: send a new request.'],
} as const;

/** The intents of these are given up. */
export async function refuseCmp(
  tx: Pick<Transaction, 'cmpTransactionsOfCertificates' | 'changeCmpTransaction'>,
  givenUp: readonly SettledCertificate[],
  at: Instant,
): Promise<void> {
  const ids = givenUp.flatMap(({ id, protocol }) => (protocol === 'cmp' ? [id] : []));
  const rows = ids.length === 0 ? [] : await tx.cmpTransactionsOfCertificates(ids);
  for (const row of rows.filter(({ state }) => state === 'working' || state === 'waiting'))
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
