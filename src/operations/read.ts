/**
 * Reading what an account may see, and nothing else. Intents, open or abandoned, were never signed:
 * they are no certificates and are not shown.
 */
import { decideAccess, profileInScope, subjectOf } from '../access/decide.js';
import { decideSelf, principalSubjectOf, type SelfPrincipal } from '../access/principal.js';
import { err, ok, type Result } from '../kernel/result.js';
import { isCertificate } from '../lifecycle/certificate-states.js';
import type { Profile } from '../policy/model.js';
import { isOwnSigner } from '../policy/own-signers.js';
import { allowedKeyTypes } from '../policy/plan/plan.js';
import type { Account } from '../ports/store/accounts.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { HolderKeyType } from '../x509/model.js';
import { notFound, type OperationFailure } from './failures.js';
import { suspensionAllowed } from './revocation/revoke.js';
import type { World } from './world.js';

export async function readCertificate(
  { store }: World,
  account: Account,
  id: string,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const found = await store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  const record = found.value;
  const hidden = record === null || !isCertificate(record) || !decideAccess(account, 'read', subjectOf(record)).ok;
  return hidden ? err(notFound('no-certificate', { id })) : ok(record);
}

/** As `readCertificate`, for a certificate that reads itself, or another one of its card. */
export async function readOwnCertificate(
  { store }: World,
  self: SelfPrincipal,
  id: string,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const found = await store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  const record = found.value;
  const hidden =
    record === null || !isCertificate(record) || !decideSelf(self, 'read-self', principalSubjectOf(record)).ok;
  return hidden ? err(notFound('no-certificate', { id })) : ok(record);
}

/** The profiles of an account: in its scope, for holders, and of a CA that issues now. */
export function usableProfiles({ policy, issuers }: World, { scope }: Account): readonly Profile[] {
  return [...policy.profiles.values()]
    .filter(({ holder }) => !isOwnSigner(holder))
    .filter(({ id, authority }) => profileInScope(scope.profiles, id) && issuers.current(authority) !== null)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

export type ProfileNow = {
  readonly profile: Profile;
  /** Includes exceptions of the environment that have not ended. */
  readonly keyTypes: readonly HolderKeyType[];
  /** Set in the environment. */
  readonly renewalAnyTime: boolean;
  readonly keyOriginRequired: boolean;
  readonly suspensionAllowed: boolean;
};

/**
 * Lists the rules that apply to each profile now: exceptions expire and environments differ, so the
 * policy files alone do not say it.
 */
export function listProfiles(world: World, account: Account): Result<readonly ProfileNow[], OperationFailure> {
  const permitted = decideAccess(account, 'read-authorities', null);
  if (!permitted.ok) return permitted;
  return ok(usableProfiles(world, account).map((profile) => profileNow(world, profile)));
}

/** The rules that apply to a profile now. */
export function profileNow(world: World, profile: Profile): ProfileNow {
  const { policy, clock } = world;
  return {
    profile,
    keyTypes: allowedKeyTypes(policy, profile, clock()),
    renewalAnyTime: policy.environment.renewalAnyTime,
    keyOriginRequired: profile.keyOrigin.required && policy.environment.keyOriginRequired,
    suspensionAllowed: suspensionAllowed(world, profile.id),
  };
}
