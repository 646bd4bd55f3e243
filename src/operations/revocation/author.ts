/**
 * The author of a change of certificates: an account, or a certificate that acts for itself and for
 * its card, by TLS or by a statement that an account relays.
 */
import { decideAccess, decideReason, subjectOf } from '../../access/decide.js';
import { decideSelf, HOLDER_REASONS, principalSubjectOf, type SelfPrincipal } from '../../access/principal.js';
import { accountActor, certificateActor } from '../../audit/actors.js';
import { recordIdFrom } from '../../issuance/intent.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { RevocationReason } from '../../ports/store/statuses.js';
import type { Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import type { Proof } from '../../updates/proof.js';
import { statementText } from '../../updates/statement.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

export type Author =
  | { readonly account: Account }
  /** `proof`: null by TLS. */
  | { readonly self: SelfPrincipal; readonly proof: RelayedProof | null };

/** `account`: who has sent the proof of the card. */
type RelayedProof = { readonly account: Account; readonly proof: Proof };

export function actorOfAuthor(author: Author): string {
  return 'account' in author ? accountActor(author.account.id) : certificateActor(author.self.certificate);
}

/** Whether the certificate may be shown to the author. What is not shown does not exist (404). */
export function isVisibleTo(author: Author, record: CertificateRecord): boolean {
  if ('account' in author) return decideAccess(author.account, 'read', subjectOf(record)).ok;
  const { certificate } = author.self;
  const { id, cardTokenId } = record;
  return id === certificate.id || (cardTokenId !== null && cardTokenId === certificate.cardTokenId);
}

export function mayChange(
  author: Author,
  action: 'revoke' | 'suspend' | 'release',
  record: CertificateRecord,
): Result<void, OperationFailure> {
  if ('account' in author) return decideAccess(author.account, action, subjectOf(record));
  if (action !== 'revoke') return err({ kind: 'not-permitted', ...fault('self-service', { action }) });
  return decideSelf(author.self, 'revoke-self', principalSubjectOf(record));
}

/**
 * Whether the author may give this reason. Holders give `superseded` for single certificates only.
 */
export function mayGive(
  author: Author,
  reason: RevocationReason,
  about: 'certificate' | 'card',
): Result<void, OperationFailure> {
  if ('account' in author) return decideReason(author.account, reason);
  const permitted = HOLDER_REASONS.filter((one) => about === 'certificate' || one !== 'superseded');
  if (permitted.some((one) => one === reason)) return ok(undefined);
  return err({ kind: 'not-permitted', ...fault('reason-of-the-holder', { reasons: permitted }) });
}

/** What the audit entry of a change says about its proof. */
export function proofDetails(author: Author): { readonly proof?: string; readonly relayedBy?: string } {
  const relayed = 'self' in author ? author.proof : null;
  return relayed === null ? {} : { proof: relayed.proof.sha256, relayedBy: relayed.account.id };
}

/** Keeps the accepted proof as long as the certificates, in the transaction of the change. */
export async function storeProof(
  { random }: Pick<World, 'random'>,
  tx: Pick<Transaction, 'insertCardProofs' | 'databaseClock'>,
  author: Author,
): Promise<void> {
  const relayed = 'self' in author ? author.proof : null;
  if (relayed === null) return;
  const { now } = await tx.databaseClock();
  await tx.insertCardProofs([cardProofOf(relayed.proof, { id: recordIdFrom(now, random(10)), at: now, update: null })]);
}

/** The row of an accepted proof. */
export function cardProofOf(
  { certificateId, statement, signed, sha256 }: Proof,
  { id, at, update }: { readonly id: string; readonly at: Instant; readonly update: string | null },
): Parameters<Transaction['insertCardProofs']>[0][number] {
  return {
    id,
    updateId: update,
    certificateId,
    cardTokenId: statement.card,
    verb: statement.verb,
    statement: statementText(statement),
    signature: signed.form === 'signature' ? signed.signature : null,
    cms: signed.form === 'cms' ? signed.der : null,
    sha256,
    acceptedAt: at,
  };
}
