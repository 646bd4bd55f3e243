/** Issuances and revocations with their entries of the audit log, as operations write them. */
import type { Transaction } from '../../../src/ports/store.js';
import { idOf, intent, issuedEventOf, NOW } from './records.js';

const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;

/** Writes an entry for each certificate. */
export async function issueAll(tx: Transaction, numbers: readonly number[]): Promise<void> {
  const records = numbers.map((number) => intent(number));
  const seqs = await tx.appendAudit(records.map(issuedEventOf));
  const numbered = records.map((record, at) => ({ record, seq: seqs[at] ?? 0 }));
  await tx.insertIntents(numbered.map(({ record, seq }) => ({ record, intentSeq: seq })));
  const signature = Uint8Array.of(1);
  await tx.storeSignatures(numbered.map(({ record: { id }, seq }) => ({ id, signature, issuedSeq: seq })));
}

/** Writes an entry for a new certificate, and one for the end of another. */
export async function issueAndRevoke(tx: Transaction, number: number): Promise<void> {
  await issueAll(tx, [10_000 + number]);
  const [auditSeq = 0] = await tx.appendAudit([issuedEventOf(intent(number))]);
  await tx.setState(idOf(number), revoked, { at: NOW, actor: 'account:officer-1', auditSeq });
}
