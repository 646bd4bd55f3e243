/**
 * Ends transactions whose time has passed, and removes those that ended long ago. A certificate
 * that was not confirmed is revoked, or stays as it is where its profile says that nobody can know
 * (`undetermined`).
 */
import { SYSTEM } from '../../audit/actors.js';
import { present } from '../../kernel/assert.js';
import type { Result } from '../../kernel/result.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import type { World } from '../world.js';
import { endUnconfirmed } from './confirm.js';
import { refusedRow } from './rows.js';

/** Other transactions of the database wait for the end of this one. */
const ROWS_PER_TRANSACTION = 100;

type LapseWorld = Pick<World, 'store' | 'clock' | 'policy' | 'statusChanged'>;

/** Returns whether there may be more. */
export async function lapseTransactions(world: LapseWorld): Promise<Result<boolean, StoreFailure>> {
  const { store, clock, statusChanged } = world;
  const revoked: CertificateRecord[] = [];
  const ended = await store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const late = await tx.cmpTransactionsPastEnd(now, ROWS_PER_TRANSACTION);
    for (const row of late) revoked.push(...(await lapse(world, tx, { row, at: clock() })));
    return late.length === ROWS_PER_TRANSACTION;
  });
  if (revoked.length > 0) statusChanged(revoked);
  return ended;
}

/** Returns the certificates whose status has changed. */
async function lapse(
  { policy }: LapseWorld,
  tx: Transaction,
  { row, at }: { readonly row: CmpTransaction; readonly at: number },
): Promise<readonly CertificateRecord[]> {
  // A lapsed one has nothing left to confirm: its certificate was revoked, or has expired.
  if (row.state === 'waiting' || row.state === 'lapsed') {
    const isLate = row.state === 'waiting';
    await tx.changeCmpTransaction(isLate ? refusedRow(row, WAITED_TOO_LONG, at) : { ...row, endedAt: at });
    return [];
  }
  const unconfirmed = policy.profiles.get(row.profile ?? '')?.enrolment?.unconfirmed ?? 'revoke';
  const certificate = present(row.certificateId, 'the certificate of an answered transaction');
  const details = { transaction: row.transactionId, certificate, unconfirmed };
  await tx.appendAudit([{ at, type: 'cmp.lapsed', actor: SYSTEM, details }]);
  // An undetermined one may still be confirmed, so that it has not ended.
  await tx.changeCmpTransaction({ ...row, state: 'lapsed', endedAt: unconfirmed === 'revoke' ? at : null });
  if (unconfirmed === 'undetermined') return [];
  const record = present(await tx.lockCertificate(certificate), 'the certificate of a transaction');
  return endUnconfirmed(tx, record, { actor: SYSTEM, at });
}

const WAITED_TOO_LONG = {
  failInfo: 'systemUnavail',
  text: ['The certificate could not be issued in time: send a new request.'],
  at: 'body',
} as const;

/** Returns whether there may be more. */
export function removeTransactions({
  store,
  policy,
}: Pick<LapseWorld, 'store' | 'policy'>): Promise<Result<boolean, StoreFailure>> {
  return store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const { retentionMs } = policy.environment.enrolment.cmp;
    const removed = await tx.deleteEndedCmpTransactions(now - retentionMs, ROWS_PER_TRANSACTION);
    return removed === ROWS_PER_TRANSACTION;
  });
}
