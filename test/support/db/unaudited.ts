/**
 * Changes of certificates without the audit entries that operations write with them, for tests of
 * something else: all of them have the number 1.
 */
import type { CertificateRecord, CertificateWrites } from '../../../src/ports/store/certificates.js';
import type { StatusWrites, StoredState } from '../../../src/ports/store/statuses.js';

type Signature = { readonly id: string; readonly signature: Uint8Array };
type Cause = { readonly at: number; readonly actor: string };

export function insertIntents(
  tx: Pick<CertificateWrites, 'insertIntents'>,
  records: readonly CertificateRecord[],
): Promise<void> {
  return tx.insertIntents(records.map((record) => ({ record, intentSeq: 1 })));
}

export function storeSignatures(
  tx: Pick<CertificateWrites, 'storeSignatures'>,
  signed: readonly Signature[],
): Promise<void> {
  return tx.storeSignatures(signed.map((one) => ({ ...one, issuedSeq: 1 })));
}

export function setState(
  tx: Pick<StatusWrites, 'setState'>,
  id: string,
  [state, cause]: readonly [StoredState, Cause],
): Promise<void> {
  return tx.setState(id, state, { ...cause, auditSeq: 1 });
}

export function setStates(
  tx: Pick<StatusWrites, 'setStates'>,
  changes: readonly { readonly id: string; readonly state: StoredState }[],
  cause: Cause,
): Promise<void> {
  return tx.setStates(
    changes.map(({ id, state }) => ({ id, state, auditSeq: 1 })),
    cause,
  );
}
