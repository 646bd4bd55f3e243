/**
 * Renewal: another certificate for the same holder and profile, with a new key. The holder and the
 * card come from the old record, never from the request. Issuance does the rest, with all of its
 * present checks.
 */
import { decideAccess, subjectOf } from '../../access/decide.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Card, CertificateOrder, Holder, Identity } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import { fault, text } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import { readCertificate } from '../read.js';
import type { World } from '../world.js';
import { issueCertificates } from './issue.js';

type RenewCommand = {
  readonly account: Account;
  /** PKCS#10, PEM, on a new key. */
  readonly csr: string;
  /**
   * null: the evidence of the old certificate is used, if it is sufficient for the present profile.
   */
  readonly identity: Identity | null;
  /** Origin of the new key; the origin of the old one says nothing about it. */
  readonly keyOrigin: CertificateOrder['keyOrigin'];
  readonly validity: CertificateOrder['validity'];
  readonly idempotency: ClaimRequest | null;
};

export async function renewCertificate(
  world: World,
  id: string,
  command: RenewCommand,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const { account, csr, idempotency } = command;
  const old = await readCertificate(world, account, id);
  if (!old.ok) return old;
  const permitted = decideAccess(account, 'renew', subjectOf(old.value));
  if (!permitted.ok) return permitted;
  if (old.value.recoveredSha256 !== null) return err({ kind: 'state-conflict', ...fault('renewal-of-recovered') });
  const applications = [{ order: renewedOrder(old.value, command), csr, pointer: '' }];
  const renewed = await issueCertificates(world, {
    account,
    applications,
    idempotency,
    renews: [old.value],
  });
  if (!renewed.ok) return renewed;
  const [record] = renewed.value;
  return record === undefined ? err({ kind: 'internal-error', message: text('no-certificate-made') }) : ok(record);
}

/** Records store what the schemas and the policy have accepted, in exactly these shapes. */
export function renewedOrder(
  old: CertificateRecord,
  { identity, keyOrigin, validity }: Pick<RenewCommand, 'identity' | 'keyOrigin' | 'validity'>,
): CertificateOrder {
  return {
    profile: old.profile,
    holder: old.holder as unknown as Holder,
    card: old.card as unknown as Card | null,
    identity: identity ?? (old.identity as unknown as Identity | null),
    keyOrigin,
    ...(old.container === null ? {} : { container: old.container }),
    validity,
  };
}
