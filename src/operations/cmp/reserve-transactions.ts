/**
 * The part of a reservation that belongs to a transaction of CMP: whether it may begin, and its
 * row, in the transaction that stores the intent. A crash then leaves both or none.
 */
import type { EnrolmentFacts } from '../../issuance/prepare.js';
import { present } from '../../kernel/assert.js';
import { LIMITS } from '../../kernel/limits.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { Reads, Transaction } from '../../ports/store.js';
import type { OperationFailure } from '../failures.js';
import type { EnrolledCertificate } from '../issuance/prepare-intent.js';
import { intendedRow } from './rows.js';

/** A transaction that gets an intent. */
export type NewCmpIntent = {
  /** As it is, or as it begins. `confirmBy`: null: the certificate is confirmed implicitly. */
  readonly row: CmpTransaction;
  /** Whether there is no row of it yet. */
  readonly isNew: boolean;
  /** Called with the certificate, signed, before it is stored (`protect.ts`). */
  readonly onSigned: (enrolled: EnrolledCertificate) => void;
};

type CmpReservation = {
  /** null: no message of CMP asks. */
  readonly cmp: NewCmpIntent | null;
  readonly records: readonly CertificateRecord[];
  readonly enrolments?: readonly (EnrolmentFacts | undefined)[];
};

type CmpTransactionsInUse = {
  /** null: the transaction may get an intent. */
  readonly conflict: (reservation: Pick<CmpReservation, 'cmp'>) => OperationFailure | null;
};

export async function readCmpTransactions(
  reads: Pick<Reads, 'cmpTransactionsByKeys'>,
  reservations: readonly Pick<CmpReservation, 'cmp'>[],
): Promise<CmpTransactionsInUse> {
  const keys = reservations.flatMap(({ cmp }) => cmp?.row ?? []);
  const found = keys.length === 0 ? [] : await reads.cmpTransactionsByKeys(keys);
  return {
    conflict: ({ cmp }) => {
      if (cmp === null) return null;
      const { row, isNew } = cmp;
      const stored = found.find((one) => one.principal === row.principal && one.transactionId === row.transactionId);
      const mayBegin =
        stored === undefined ? isNew : !isNew && stored.version === row.version && stored.certificateId === null;
      if (mayBegin) return null;
      // Two copies of a first message may arrive at once, or two messages with one transactionID.
      return stored === undefined || stored.requestSha256 === row.requestSha256
        ? { kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs }
        : { kind: 'idempotency-mismatch' };
    },
  };
}

/** Names of transactions, so that requests that share one come one after the other. */
export function cmpName({ cmp }: Pick<CmpReservation, 'cmp'>): readonly string[] {
  return cmp === null ? [] : [`cmp ${cmp.row.principal} ${cmp.row.transactionId}`];
}

export async function storeCmpIntents(
  tx: Pick<Transaction, 'insertCmpTransactions' | 'changeCmpTransaction'>,
  accepted: readonly CmpReservation[],
): Promise<void> {
  const begun: CmpTransaction[] = [];
  for (const { cmp, records, enrolments } of accepted) {
    if (cmp === null) continue;
    const { row, isNew } = cmp;
    const { id: certificateId } = present(records[0], 'the intent of a transaction');
    const intended = intendedRow(row, { certificateId, modifications: enrolments?.[0]?.modifications ?? [] });
    if (isNew) begun.push(intended);
    else await tx.changeCmpTransaction(intended);
  }
  if (begun.length > 0) await tx.insertCmpTransactions(begun);
}
