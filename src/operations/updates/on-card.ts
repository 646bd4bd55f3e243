/** The certificates of a card, as an update needs them. */
import { decideAccess, subjectOf } from '../../access/decide.js';
import { present } from '../../kernel/assert.js';
import { sha256Hex } from '../../kernel/digest.js';
import { isCertificate } from '../../lifecycle/certificate-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { compareReadBack, type ReadBack } from '../../updates/tickets.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import type { World } from '../world.js';

/** An account sees a card if it sees a certificate of it. */
export function seesCard(account: Account, onCard: readonly CertificateRecord[]): boolean {
  return onCard.some((record) => isCertificate(record) && decideAccess(account, 'read', subjectOf(record)).ok);
}

/**
 * Whether an update that the card has confirmed has replaced the certificate. It may be good for
 * longer, but its key is no present key of the card any more.
 */
export function isReplaced({ id }: CertificateRecord, onCard: readonly CertificateRecord[]): boolean {
  return onCard.some((record) => record.renews === id && record.updateId !== null && isUsed(record, onCard));
}

/** Whether the card uses the certificate, or another one that has taken its place since. */
function isUsed({ id, state: { status } }: CertificateRecord, onCard: readonly CertificateRecord[]): boolean {
  if (status === 'issued' || status === 'suspended') return true;
  return onCard.some((record) => record.renews === id && isUsed(record, onCard));
}

/** Compares what a card states to hold with what it should hold. `newIds`: of its update. */
export function readBackOf(
  world: Pick<World, 'issuers'>,
  onCard: readonly CertificateRecord[],
  { stated, newIds }: { readonly stated: readonly string[]; readonly newIds: readonly string[] },
): ReadBack {
  const made = onCard
    .filter(isCertificate)
    .map((record) => ({ id: record.id, sha256: certificateSha256(world, record) }));
  const isNew = ({ id }: { readonly id: string }): boolean => newIds.includes(id);
  return compareReadBack(stated, {
    fresh: made.filter(isNew).map(({ sha256 }) => sha256),
    earlier: made.filter((one) => !isNew(one)).map(({ sha256 }) => sha256),
  });
}

/** SHA-256 hex of the DER. */
function certificateSha256(
  { issuers }: Pick<World, 'issuers'>,
  { id, issuer, tbs, signature }: CertificateRecord,
): string {
  const { signatureAlgorithm } = present(issuers.byId(issuer), `the issuer of ${id}`);
  return sha256Hex(assembleCertificate(tbs, signatureAlgorithm, present(signature, `the signature of ${id}`)));
}
