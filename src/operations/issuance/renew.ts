/**
 * Renewal: another certificate for the same holder under the same profile, on a new key. Whose it is and which card it lives on
 * comes from the record of the old one and never from the request; issuance does the rest, with all its checks of today.
 */
import { decideAccess } from '../../access/decide.js';
import { subjectOf } from '../../access/scope.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Card, CertificateOrder, Holder, Identity } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { OperationFailure } from '../failures.js';
import { readCertificate } from '../read.js';
import type { World } from '../world.js';
import { issueCertificates } from './issue.js';

export type RenewCommand = {
  readonly account: Account;
  /** PKCS#10, PEM, on a new key. */
  readonly csr: string;
  /** null: what the old certificate was made on counts, if it is enough for the profile of today. */
  readonly identity: Identity | null;
  /** Of the new key: the old one's says nothing of it. */
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
  const applications = [{ order: orderOf(old.value, command), csr, pointer: '' }];
  const renewed = await issueCertificates(world, {
    account,
    applications,
    idempotency,
    status: 'issued',
    renews: old.value,
  });
  if (!renewed.ok) return renewed;
  const [record] = renewed.value;
  return record === undefined ? err({ kind: 'internal-error', detail: 'no certificate' }) : ok(record);
}

/** Records hold what the schemas and the policy accepted, in these very shapes. */
function orderOf(old: CertificateRecord, { identity, keyOrigin, validity }: RenewCommand): CertificateOrder {
  return {
    profile: old.profile,
    holder: old.holder as unknown as Holder,
    card: old.card as unknown as Card | null,
    identity: identity ?? (old.identity as unknown as Identity | null),
    keyOrigin,
    validity,
  };
}
