/**
 * Statements of cards about their updates: reading one before `verifyProof` judges it, and keeping
 * it when it was accepted.
 */
import { isForClientAuthentication } from '../../access/client-certificate.js';
import { recordIdFrom } from '../../issuance/intent.js';
import { err, type Result } from '../../kernel/result.js';
import type { CardProof } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { fault } from '../../texts/text.js';
import { atProof, type Proof, type ProofBody, readProof } from '../../updates/proof.js';
import { readTbs } from '../../x509/certificate/certificate-reader.js';
import type { OperationFailure } from '../failures.js';
import type { VerifiedProof } from '../proofs/verify-proof.js';
import { cardProofOf } from '../revocation/author.js';
import type { World } from '../world.js';

/** Reads the statement and the form of the signature, and verifies nothing. */
export function readCardProof(body: ProofBody, card: string): Result<Proof, OperationFailure> {
  const read = readProof(body);
  if (read.ok) return read;
  return err({ kind: 'proof-rejected', violations: [read.error], certificate: body.certificateId, card });
}

/** Whether the certificate is for client authentication, so that it can speak for its card. */
export function isAuthentication({ tbs }: CertificateRecord): boolean {
  const read = tbs.length === 0 ? null : readTbs(tbs);
  return read?.ok === true && isForClientAuthentication(read.value);
}

/**
 * Compares the certificate that has signed with what the present transaction has read (`current`,
 * by id). null: it still has the status with which the statement was verified.
 */
export function signerChanged(
  { id, cardTokenId, state }: Pick<CertificateRecord, 'id' | 'cardTokenId' | 'state'>,
  current: ReadonlyMap<string, CertificateRecord>,
): OperationFailure | null {
  if (current.get(id)?.state.status === state.status) return null;
  const violations = [atProof(fault('certificate-not-revoked'))];
  return { kind: 'proof-rejected', violations, certificate: id, card: cardTokenId };
}

/** What is kept of an accepted statement about an update. */
export function keptProof(
  { clock, random }: Pick<World, 'clock' | 'random'>,
  { proof }: Pick<VerifiedProof, 'proof'>,
  update: string,
): Omit<CardProof, 'acceptedAt'> {
  const at = clock();
  const { acceptedAt: _acceptedAt, ...kept } = cardProofOf(proof, { id: recordIdFrom(at, random(10)), at, update });
  return kept;
}
