/**
 * A certificate renews itself: it has proved its key, by TLS (EST) or by the protection of its
 * message (CMP), and asks for a successor with a new key. Holder, card, evidence and key origin
 * come from its record, so no right of an account is needed, and none is used. It has at most one
 * live successor. If its key is a credential of an account, the new one becomes a credential too
 * (`src/operations/accounts/pass-credentials.ts`).
 */
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import { decideSelf, type SelfPrincipal } from '../../access/principal.js';
import { present } from '../../kernel/assert.js';
import type { Result } from '../../kernel/result.js';
import { orderFrom } from '../../policy/enrolment/sources.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { OperationFailure } from '../failures.js';
import { issueEnrolled } from '../issuance/issue.js';
import type { EnrolledCertificate } from '../issuance/prepare-intent.js';
import { renewedOrder } from '../issuance/renew.js';
import type { World } from '../world.js';
import { type EnrolCommand, openProfile } from './enrol.js';

/** As `EnrolCommand`. The profile is that of the certificate. */
export type RenewSelfCommand = Pick<EnrolCommand, 'protocol' | 'request' | 'requested' | 'validity' | 'cmp'> & {
  readonly principal: SelfPrincipal;
  /** null: a repetition is another request, or the transaction of CMP finds it. */
  readonly claim: ClaimRequest | null;
};

/**
 * A repetition under the same claim returns the same certificate, as it is now. Whatever the
 * request says of its holder must be what the record says (`src/policy/enrolment/sources.ts`).
 */
export async function renewSelf(
  world: World,
  { principal, protocol, request, requested: { extensions }, validity = ANY_TIME, claim, cmp }: RenewSelfCommand,
): Promise<Result<EnrolledCertificate, OperationFailure>> {
  const { id } = principal.certificate;
  const permitted = decideSelf(principal, 'renew-self', { certificateId: id, cardTokenId: null });
  if (!permitted.ok) return permitted;
  const found = await world.store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  const old = present(found.value, 'the record of a certificate that has authenticated');
  const profile = openProfile(world, { principal, protocol, profile: old.profile });
  if (!profile.ok) return profile;
  const facts = renewedOrder(old, { identity: null, keyOrigin: old.keyOrigin, validity });
  const content = { subject: request.subject, extensions };
  const ordered = orderFrom({ kind: 'record', facts }, { profile: profile.value, requested: content, validity });
  if (!ordered.ok) return ordered;
  const { order, sources, requested } = ordered.value;
  return issueEnrolled(world, {
    account: issuingFor(old),
    self: principal,
    applications: [{ order, pointer: '', key: request.key, enrolment: { protocol, sources, requested } }],
    idempotency: claim,
    renews: [old],
    ...(cmp === undefined ? {} : { cmp }),
  });
}

const ANY_TIME = { notBefore: null, notAfter: null } as const;

/** The account that had asked for the certificate, which stays that of its successor. */
function issuingFor({ accountId, createdAt }: CertificateRecord): Account {
  return {
    ...ACCOUNT_DEFAULTS,
    id: accountId,
    name: accountId,
    roles: ['card-management'],
    scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
    credentials: [],
    disabled: false,
    createdAt,
  };
}
